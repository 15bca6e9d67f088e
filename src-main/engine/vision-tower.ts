import * as ort from 'onnxruntime-node';
import { clipVisionGraph } from '../graphs/clip-vision.ts';
import { type ClipModel, checkpointOf } from './clip-model.ts';
import { createSession, floats, floatTensor, type Provider } from './session.ts';

export interface VisionOutput {
  /** [images, projection], not normalised. */
  embeddings: Float32Array<ArrayBuffer>;
  /** [tokens asked for, L * 2 * d], laid out as shard rows: [layer][x | y][width]. */
  taps: Float32Array<ArrayBuffer>;
}

/** CLIP's vision tower in an onnxruntime session, with every layer's LN2 activation and MLP output tapped. */
export class VisionTower {
  readonly model: ClipModel;
  readonly #session: ort.InferenceSession;

  private constructor(model: ClipModel, session: ort.InferenceSession) {
    this.model = model;
    this.#session = session;
  }

  static async load(model: ClipModel, provider: Provider): Promise<VisionTower> {
    const { checkpoint, externalFolder } = checkpointOf(model);
    const graph = clipVisionGraph(model.vision, checkpoint, { taps: true });
    return new VisionTower(model, await createSession(graph, { provider, externalFolder }));
  }

  /** pixels [images, 3, S, S]; tokens: for each image, which of its T tokens to show. */
  async run(pixels: Float32Array, tokens: readonly (readonly number[])[]): Promise<VisionOutput> {
    const { imageSize, tokens: perImage } = this.model.vision;
    const positions = BigInt64Array.from(
      tokens.flatMap((chosen, image) => chosen.map((token) => BigInt(image * perImage + token))),
    );
    const output = await this.#session.run({
      pixels: floatTensor(pixels, [tokens.length, 3, imageSize, imageSize]),
      positions: new ort.Tensor('int64', positions, [positions.length]),
    });
    return { embeddings: floats(output.embedding), taps: floats(output.taps) };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
