import type * as ort from 'onnxruntime-node';
import type { CltShape } from '../core/clt-shape.ts';
import { cltParameters } from '../core/clt-shape.ts';
import type { Gates } from '../core/gates.ts';
import { matrixShape } from '../graphs/clt-gradient.ts';
import { storedName } from '../graphs/clt-weights.ts';
import { type CodedTokens, type ReplacementOptions, replacementGraph } from '../graphs/replacement.ts';
import { type ClipModel, checkpointOf } from './clip-model.ts';
import { createSession, floats, floatTensor, onDevice, type Provider } from './session.ts';

/** What the blocks before each block left in the frozen model, for the images of one batch. */
export interface FrozenStates {
  /** [images, projection] */
  embeddings: Float32Array<ArrayBuffer>;
  /** By block 1..L-1 (index 0 is empty): its input [images * T, d]. */
  hidden: Float32Array<ArrayBuffer>[];
  /** By block 1..L-1: contributions of all sources before it to the targets from it on, [images * T, (L-block)*d]. */
  running: Float32Array<ArrayBuffer>[];
  /** [images * T, (L-1)*d]: contributions of the sources 0..L-2 to the last block. */
  toLast: Float32Array<ArrayBuffer>;
}

/** The frozen ViT with a CLT in place of its MLPs, gate by gate (method, section 4). */
export class ReplacementModel {
  readonly clip: ClipModel;
  readonly shape: CltShape;
  readonly #provider: Provider;
  /** Stored weights by name, shared by all sessions; on WebGPU they stay on the device. */
  readonly #weights: Record<string, ort.Tensor>;
  /** b_dec of every layer [L, d]: the bias unless gates say otherwise. */
  readonly #bias: Float32Array;
  #owner: ort.InferenceSession | undefined;
  readonly #sessions = new Map<string, Promise<ort.InferenceSession>>();

  private constructor(
    clip: ClipModel,
    shape: CltShape,
    provider: Provider,
    weights: ReadonlyMap<string, Float32Array>,
  ) {
    this.clip = clip;
    this.shape = shape;
    this.#provider = provider;
    this.#weights = {};
    for (const spec of cltParameters(shape)) {
      const name = storedName(spec.name);
      // The graph takes its biases from the gates.
      if (!name.startsWith('b_dec_')) {
        this.#weights[name] = floatTensor(weights.get(name) as Float32Array, matrixShape(spec.shape));
      }
    }
    this.#bias = new Float32Array(shape.layers * shape.width);
    for (let layer = 0; layer < shape.layers; layer++) {
      this.#bias.set(weights.get(`b_dec_${layer}`) as Float32Array, layer * shape.width);
    }
  }

  /** `weights`: a stored CLT's, by name. Throws when the CLT was made for another architecture. */
  static async load(
    clip: ClipModel,
    shape: CltShape,
    weights: ReadonlyMap<string, Float32Array>,
    provider: Provider,
  ): Promise<ReplacementModel> {
    if (shape.layers !== clip.vision.layers || shape.width !== clip.vision.width) {
      throw new Error(`a CLT of ${shape.layers} layers and width ${shape.width} does not fit ${clip.modelFile}`);
    }
    const model = new ReplacementModel(clip, shape, provider, weights);
    if (provider === 'webgpu') model.#owner = await onDevice(model.#weights);
    return model;
  }

  /** pixels [images, 3, S, S] -> embeddings [images, projection]. */
  async run(pixels: Float32Array, gates: Gates): Promise<Float32Array<ArrayBuffer>> {
    const coded = codedTokens(gates, 0, this.shape.layers, this.clip.vision.tokens);
    const session = await this.#session({ from: 0, coded });
    const output = await session.run({ ...this.#pixels(pixels), ...this.#inputs(gates, 0, coded) });
    return floats(output.embedding);
  }

  /** The frozen model's states; `gates` must keep every mlpGate closed. */
  async states(pixels: Float32Array, gates: Gates): Promise<FrozenStates> {
    const session = await this.#session({ from: 0, states: true });
    const output = await session.run({ ...this.#pixels(pixels), ...this.#inputs(gates, 0, 'all') });
    const blocks = Array.from({ length: this.shape.layers }, (_, block) => block);
    const perBlock = (name: string) =>
      blocks.map((block) => (block === 0 ? new Float32Array(0) : floats(output[`${name}_${block}`])));
    return {
      embeddings: floats(output.embedding),
      hidden: perBlock('hidden'),
      running: perBlock('running'),
      toLast: floats(output.toLast),
    };
  }

  /** The blocks from..L-1 alone, from = 1..L-1; hidden and running as `states` gives them. */
  async runFrom(from: number, hidden: Float32Array, running: Float32Array, gates: Gates) {
    const { layers, width } = this.shape;
    const rows = hidden.length / width;
    const coded = codedTokens(gates, from, layers, this.clip.vision.tokens);
    const session = await this.#session({ from, coded });
    const output = await session.run({
      hidden: floatTensor(hidden, [rows, width]),
      running: floatTensor(running, [rows, (layers - from) * width]),
      ...this.#inputs(gates, from, coded),
    });
    return floats(output.embedding);
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release();
    if (this.#owner) for (const tensor of Object.values(this.#weights)) tensor.dispose();
    await this.#owner?.release();
  }

  #session(options: ReplacementOptions): Promise<ort.InferenceSession> {
    const key = JSON.stringify(options);
    const known = this.#sessions.get(key);
    if (known) return known;
    const { checkpoint, externalFolder } = checkpointOf(this.clip);
    const graph = replacementGraph(this.clip.vision, checkpoint, this.shape, options);
    const session = createSession(graph, { provider: this.#provider, externalFolder });
    this.#sessions.set(key, session);
    return session;
  }

  #pixels(pixels: Float32Array): Record<string, ort.Tensor> {
    const { imageSize } = this.clip.vision;
    return { pixels: floatTensor(pixels, [pixels.length / (3 * imageSize ** 2), 3, imageSize, imageSize]) };
  }

  /** Gates, and the weights of the layers that a graph from block `from` on has. */
  #inputs(gates: Gates, from: number, coded: CodedTokens): Record<string, ort.Tensor> {
    const { layers, width, features } = this.shape;
    const used = Object.entries(this.#weights).filter(
      ([name]) => coded !== 'none' && Number(name.slice(name.lastIndexOf('_') + 1)) >= from,
    );
    return {
      ...Object.fromEntries(used),
      mlpGate: floatTensor(gates.mlpGate, [layers, this.clip.vision.tokens]),
      edgeGate: floatTensor(gates.edgeGate, [layers, layers]),
      featureScale: floatTensor(gates.featureScale, [layers, features]),
      bias: floatTensor(gates.bias ?? this.#bias, [layers, width]),
    };
  }
}

/** The tokens on which codes of the sources from `from` on can reach the output through these gates. */
function codedTokens({ mlpGate, edgeGate }: Gates, from: number, layers: number, tokens: number): CodedTokens {
  // What the last block writes to a patch is not projected.
  const open = mlpGate.subarray(from * tokens, (layers - 1) * tokens + 1);
  if (edgeGate.subarray(from * layers).every((gate) => gate === 0) || open.every((gate) => gate === 0)) return 'none';
  return open.every((gate, at) => gate === 0 || at % tokens === 0) ? 'cls' : 'all';
}
