import type * as ort from 'onnxruntime-node';
import type { CltShape } from '../core/clt-shape.ts';
import { edgeFeaturesGraph } from '../graphs/edge-features.ts';
import { type StoredClt, weightsInPlace } from './clt-model.ts';
import { createSession, floats, floatTensor, type Provider } from './session.ts';

/** Sums over the tokens of each group, as graphs/edge-features.ts gives them. */
export interface EdgeSums {
  /** By source 0..target: [groups, m]. */
  shares: Float32Array<ArrayBuffer>[];
  /** By source 0..target: [groups, m], tokens on which a feature was not 0. */
  fired: Float32Array<ArrayBuffer>[];
  /** [groups] */
  written: Float32Array<ArrayBuffer>;
}

/** What the features of a stored CLT's sources add to one target; the weights are read in place from its files. */
export class EdgeFeatures {
  readonly shape: CltShape;
  readonly target: number;
  readonly #session: ort.InferenceSession;

  private constructor(shape: CltShape, target: number, session: ort.InferenceSession) {
    this.shape = shape;
    this.target = target;
    this.#session = session;
  }

  static async load(stored: StoredClt, target: number, provider: Provider): Promise<EdgeFeatures> {
    const graph = edgeFeaturesGraph(stored.shape, weightsInPlace(stored), target);
    const session = await createSession(graph, { provider, externalFolder: stored.dir });
    return new EdgeFeatures(stored.shape, target, session);
  }

  /** x [tokens, L*d] raw LN2 activations; groups [groups][tokens], 1 where a token belongs to the group. */
  async run(x: Float32Array, groups: Float32Array): Promise<EdgeSums> {
    const { layers, width } = this.shape;
    const tokens = x.length / (layers * width);
    const output = await this.#session.run({
      x: floatTensor(x, [tokens, layers * width]),
      groups: floatTensor(groups, [groups.length / tokens, tokens]),
    });
    const sources = Array.from({ length: this.target + 1 }, (_, source) => source);
    return {
      shares: sources.map((source) => floats(output[`shares_${source}`])),
      fired: sources.map((source) => floats(output[`fired_${source}`])),
      written: floats(output.written),
    };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
