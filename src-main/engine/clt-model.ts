import { basename } from 'node:path';
import type * as ort from 'onnxruntime-node';
import type { CltShape } from '../core/clt-shape.ts';
import { cltCodesGraph } from '../graphs/clt-codes.ts';
import { cltForwardGraph } from '../graphs/clt-forward.ts';
import type { StoredWeights } from '../graphs/clt-weights.ts';
import { createSession, floats, floatTensor, type Provider } from './session.ts';

/** A stored CLT as data/clt-folder.ts reads it. */
export interface StoredClt {
  dir: string;
  shape: CltShape;
  files: ReadonlyMap<string, { path: string; tensors: ReadonlyMap<string, { offset: number; byteLength: number }> }>;
}

export interface CltOutput {
  /** [tokens, L*d] */
  yhat: Float32Array<ArrayBuffer>;
  /** [tokens, L] */
  l0: Float32Array<ArrayBuffer>;
  /** [groups, L*m] */
  fired: Float32Array<ArrayBuffer>;
  /** [tokens, L(L+1)/2], empty unless the graph has them. */
  shares: Float32Array<ArrayBuffer>;
}

/** Forward pass of a stored CLT on raw activations; the weights are read in place from its files. */
export class CltModel {
  readonly shape: CltShape;
  readonly #session: ort.InferenceSession;

  private constructor(shape: CltShape, session: ort.InferenceSession) {
    this.shape = shape;
    this.#session = session;
  }

  static async load(stored: StoredClt, provider: Provider): Promise<CltModel> {
    const graph = cltForwardGraph(stored.shape, weightsInPlace(stored), { shares: true });
    return new CltModel(stored.shape, await createSession(graph, { provider, externalFolder: stored.dir }));
  }

  /** x [tokens, L*d] raw LN2 activations; groups [groups][tokens], 1 where a token belongs to the group. */
  async run(x: Float32Array, groups: Float32Array): Promise<CltOutput> {
    return runForward(this.#session, this.shape, x, groups, {});
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** The encoders of a stored CLT on raw activations. */
export class CltEncoder {
  readonly shape: CltShape;
  readonly #session: ort.InferenceSession;

  private constructor(shape: CltShape, session: ort.InferenceSession) {
    this.shape = shape;
    this.#session = session;
  }

  static async load(stored: StoredClt, provider: Provider): Promise<CltEncoder> {
    const graph = cltCodesGraph(stored.shape, weightsInPlace(stored));
    return new CltEncoder(stored.shape, await createSession(graph, { provider, externalFolder: stored.dir }));
  }

  /** x [tokens, L*d] raw LN2 activations -> z [tokens, L*m]. */
  async run(x: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    const { layers, width } = this.shape;
    const output = await this.#session.run({ x: floatTensor(x, [x.length / (layers * width), layers * width]) });
    return floats(output.z);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Where a session finds a stored CLT's tensors; its external folder is the CLT's own. */
export function weightsInPlace(stored: StoredClt): StoredWeights {
  return (name) => {
    const file = stored.files.get(name);
    const tensor = file?.tensors.get(name);
    if (!file || !tensor) throw new Error(`${stored.dir}: no tensor ${name} although the folder was checked`);
    return { location: basename(file.path), offset: tensor.offset, length: tensor.byteLength };
  };
}

/** One run of the graph of graphs/clt-forward.ts; `parameters` where its weights are inputs. */
export async function runForward(
  session: ort.InferenceSession,
  shape: CltShape,
  x: Float32Array,
  groups: Float32Array,
  parameters: Readonly<Record<string, ort.Tensor>>,
): Promise<CltOutput> {
  const tokens = x.length / (shape.layers * shape.width);
  const output = await session.run({
    ...parameters,
    x: floatTensor(x, [tokens, shape.layers * shape.width]),
    groups: floatTensor(groups, [groups.length / tokens, tokens]),
  });
  return {
    yhat: floats(output.yhat),
    l0: floats(output.l0),
    fired: floats(output.fired),
    shares: output.shares ? floats(output.shares) : new Float32Array(0),
  };
}
