import type * as ort from 'onnxruntime-node';
import { type CltShape, cltParameters, elementCount } from '../core/clt-shape.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import { GraphBuilder } from '../graphs/builder.ts';
import { adam, cltAdamGraph } from '../graphs/clt-adam.ts';
import { cltForwardGraph } from '../graphs/clt-forward.ts';
import { cltGradientGraph, type GradientGraphOptions, matrixShape } from '../graphs/clt-gradient.ts';
import { type CltOutput, runForward } from './clt-model.ts';
import { createSession, floats, floatTensor, free, type Provider } from './session.ts';

/** Everything Adam knows of the parameters, by name; each array is flat in the parameter's own layout. */
export interface TrainingState {
  /** Steps taken so far. */
  step: number;
  parameters: Map<string, Float32Array>;
  m: Map<string, Float32Array>;
  v: Map<string, Float32Array>;
}

export interface TrainerOptions {
  shape: CltShape;
  provider: Provider;
  tokens: number;
  revival: NonNullable<GradientGraphOptions['revival']>;
  clipNorm: number;
  threads?: number;
}

export interface StepInput {
  /** Standardised LN2 activations and MLP outputs, [tokens, L*d]. */
  x: Float32Array;
  y: Float32Array;
  learningRate: number;
  lambda: number;
  /** [L, m], 1 for a dead feature; leave out while none is dead. */
  dead?: Float32Array;
}

export interface StepResult {
  loss: number;
  reconstructionLoss: number;
  gradNorm: number;
  /** [L, m] tokens of the batch on which a feature was not 0. */
  fired: Float32Array;
}

interface Slot {
  dims: readonly [number, number];
  parameter: ort.Tensor;
  m: ort.Tensor;
  v: ort.Tensor;
}

/**
 * One CLT under training: the gradient graph, then the Adam graph once per parameter tensor. On WebGPU parameters,
 * moments and gradients stay on the device between steps; on the CPU they are ordinary arrays.
 */
export class CltTrainer {
  readonly #options: TrainerOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #adam: ort.InferenceSession;
  #plain: ort.InferenceSession | undefined;
  #reviving: ort.InferenceSession | undefined;
  #forward: ort.InferenceSession | undefined;
  #step: number;

  private constructor(options: TrainerOptions, adamSession: ort.InferenceSession, state: TrainingState) {
    this.#options = options;
    this.#adam = adamSession;
    this.#step = state.step;
    for (const { name, shape } of cltParameters(options.shape)) {
      const dims = matrixShape(shape);
      const tensor = (values: Map<string, Float32Array>) => {
        const data = values.get(name);
        if (data?.length !== elementCount(shape)) throw new Error(`training state lacks ${name} [${shape}]`);
        return floatTensor(data, dims);
      };
      this.#slots.set(name, { dims, parameter: tensor(state.parameters), m: tensor(state.m), v: tensor(state.v) });
    }
  }

  /** Takes over the arrays of `state`. */
  static async create(options: TrainerOptions, state: TrainingState): Promise<CltTrainer> {
    const deviceOutputs = ['parameter_next', 'm_next', 'v_next'];
    const session = await createSession(cltAdamGraph(), { ...sessionOptions(options), deviceOutputs });
    return new CltTrainer(options, session, state);
  }

  get step(): number {
    return this.#step;
  }

  /**
   * Loss and gradients of one batch, handed to `accept` before anything changes; parameters move only if it returns
   * true, so a diverging batch leaves the last good state untouched.
   */
  async train(input: StepInput, accept: (result: StepResult) => boolean): Promise<StepResult> {
    const { shape, tokens, clipNorm } = this.#options;
    const dims = [tokens, shape.layers * shape.width];
    const feeds: Record<string, ort.Tensor> = { x: floatTensor(input.x, dims), y: floatTensor(input.y, dims) };
    if (sparsifierById(shape.sparsifier.kind).regulariser) feeds.lambda = scalarTensor(input.lambda);
    if (input.dead) feeds.dead = floatTensor(input.dead, [shape.layers, shape.features]);
    for (const [name, slot] of this.#slots) feeds[name] = slot.parameter;
    const session = await (input.dead ? this.#revivingSession() : this.#plainSession());
    const output = await session.run(feeds);
    const result = {
      loss: floats(output.loss)[0],
      reconstructionLoss: floats(output.reconstructionLoss)[0],
      gradNorm: floats(output.gradNorm)[0],
      fired: floats(output.fired),
    };
    const accepted = accept(result);
    if (accepted) this.#step += 1;
    for (const [name, slot] of this.#slots) {
      const gradient = output[`grad/${name}`] as ort.Tensor;
      if (accepted) {
        const next = await this.#adam.run({
          parameter: slot.parameter,
          m: slot.m,
          v: slot.v,
          gradient,
          gradNorm: output.gradNorm as ort.Tensor,
          learningRate: scalarTensor(input.learningRate),
          clipNorm: scalarTensor(clipNorm),
          correction1: scalarTensor(1 - adam.beta1 ** this.#step),
          correction2: scalarTensor(1 - adam.beta2 ** this.#step),
        });
        const previous = [slot.parameter, slot.m, slot.v];
        slot.parameter = next.parameter_next as ort.Tensor;
        slot.m = next.m_next as ort.Tensor;
        slot.v = next.v_next as ort.Tensor;
        freeAll(previous);
      }
      freeAll([gradient]);
    }
    return result;
  }

  /** The forward pass with the present weights, in standardised space; x [tokens, L*d], groups [groups][tokens]. */
  async forward(x: Float32Array, groups: Float32Array): Promise<CltOutput> {
    const { shape } = this.#options;
    this.#forward ??= await createSession(cltForwardGraph(shape, 'trained-inputs'), sessionOptions(this.#options));
    const parameters = Object.fromEntries([...this.#slots].map(([name, slot]) => [name, slot.parameter]));
    return runForward(this.#forward, shape, x, groups, parameters);
  }

  /** The state on the CPU: without a GPU these are the trainer's own arrays, which the next step frees. */
  async state(): Promise<TrainingState> {
    const state: TrainingState = { step: this.#step, parameters: new Map(), m: new Map(), v: new Map() };
    const reader = this.#options.provider === 'webgpu' ? await deviceReader() : undefined;
    const read = async (tensor: ort.Tensor) =>
      tensor.location === 'gpu-buffer' && reader ? floats((await reader.run({ value: tensor })).copy) : floats(tensor);
    for (const [name, slot] of this.#slots) {
      state.parameters.set(name, await read(slot.parameter));
      state.m.set(name, await read(slot.m));
      state.v.set(name, await read(slot.v));
    }
    await reader?.release();
    return state;
  }

  async release(): Promise<void> {
    for (const { parameter, m, v } of this.#slots.values()) {
      for (const tensor of [parameter, m, v]) if (tensor.location === 'gpu-buffer') tensor.dispose();
    }
    await Promise.all([
      this.#adam.release(),
      this.#plain?.release(),
      this.#reviving?.release(),
      this.#forward?.release(),
    ]);
  }

  async #plainSession(): Promise<ort.InferenceSession> {
    this.#plain ??= await this.#gradientSession();
    return this.#plain;
  }

  async #revivingSession(): Promise<ort.InferenceSession> {
    this.#reviving ??= await this.#gradientSession(this.#options.revival);
    return this.#reviving;
  }

  #gradientSession(revival?: GradientGraphOptions['revival']): Promise<ort.InferenceSession> {
    const { shape, tokens } = this.#options;
    const deviceOutputs = [...this.#slots.keys()].map((name) => `grad/${name}`);
    return createSession(cltGradientGraph(shape, { tokens, revival }), {
      ...sessionOptions(this.#options),
      deviceOutputs,
    });
  }
}

function sessionOptions({ provider, threads }: TrainerOptions) {
  return { provider, threads };
}

/** Reading a device tensor's data directly aborts the process; a session whose output is on the CPU may copy it. */
function deviceReader(): Promise<ort.InferenceSession> {
  const graph = new GraphBuilder('read-back');
  graph.output('copy', graph.input('value', 'float32', ['rows', 'columns']));
  return createSession(graph.build(), { provider: 'webgpu' });
}

function freeAll(tensors: readonly ort.Tensor[]): void {
  for (const tensor of tensors) {
    if (tensor.location === 'gpu-buffer') tensor.dispose();
    else free(floats(tensor));
  }
}

function scalarTensor(value: number): ort.Tensor {
  return floatTensor(Float32Array.of(value), [1]);
}
