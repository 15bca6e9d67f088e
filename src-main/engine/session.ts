import * as ort from 'onnxruntime-node';
import { StrataError } from '../contract/errors.ts';
import { GraphBuilder } from '../graphs/builder.ts';
import { Ops } from '../graphs/ops.ts';

export type Provider = 'cpu' | 'webgpu';

export interface SessionOptions {
  provider: Provider;
  /** Folder that holds the files which the graph's external initialisers name. */
  externalFolder?: string;
  /** Outputs that stay on the device (WebGPU only); the others are copied to the CPU. */
  deviceOutputs?: readonly string[];
  /** Threads of one operator; onnxruntime's own choice (all cores) when absent. */
  threads?: number;
}

/**
 * An onnxruntime session for a graph written by graphs/. `run` is synchronous underneath: call it only in the engine
 * process. On WebGPU a node that would fall back to the CPU is an error, so a slow graph is never taken for a fast one.
 */
export async function createSession(graph: Uint8Array, options: SessionOptions): Promise<ort.InferenceSession> {
  const { provider, externalFolder, deviceOutputs, threads } = options;
  const session: Record<string, string> = {};
  if (externalFolder) session.model_external_initializers_file_folder_path = externalFolder;
  if (provider === 'webgpu') session.disable_cpu_ep_fallback = '1';
  try {
    return await ort.InferenceSession.create(graph, {
      executionProviders: [provider],
      enableCpuMemArena: false,
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(deviceOutputs && provider === 'webgpu'
        ? { preferredOutputLocation: Object.fromEntries(deviceOutputs.map((name) => [name, 'gpu-buffer' as const])) }
        : {}),
      extra: { session },
    });
  } catch (cause) {
    throw new StrataError(
      'PROVIDER_UNAVAILABLE',
      `onnxruntime could not load a graph on ${provider}: ${firstLine(cause)}`,
      {
        cause,
      },
    );
  }
}

/** A float32 tensor over `data`, which is not copied. */
export function floatTensor(data: Float32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', data, dims);
}

/** The CPU data of a float32 output. */
export function floats(tensor: ort.Tensor | undefined): Float32Array<ArrayBuffer> {
  const data = tensor?.data;
  if (data instanceof Float32Array && data.buffer instanceof ArrayBuffer) return data as Float32Array<ArrayBuffer>;
  throw new Error('expected a float32 tensor on the CPU');
}

/**
 * Gives the memory of a large array back at once; it is empty afterwards. Left to the garbage collector, the inputs and
 * outputs of many runs pile up to several times what is needed.
 */
export function free(data: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): void {
  data.buffer.transfer(0);
}

/**
 * Moves tensors [rows, columns] to the GPU, in place, where later runs find them without a copy. The session it resolves
 * to owns their memory: it must outlive them.
 */
export async function onDevice(tensors: Record<string, ort.Tensor>): Promise<ort.InferenceSession> {
  const graph = new GraphBuilder('upload');
  graph.output('copy', graph.input('value', 'float32', ['rows', 'columns']));
  const session = await createSession(graph.build(), { provider: 'webgpu', deviceOutputs: ['copy'] });
  for (const name of Object.keys(tensors)) {
    tensors[name] = (await session.run({ value: tensors[name] })).copy as ort.Tensor;
  }
  return session;
}

export interface ProviderProbe {
  name: string;
  ok: boolean;
  detail: string;
  milliseconds: number;
}

/** Proves every execution provider this build lists by running a real session, and says why one does not work. */
export async function probeProviders(): Promise<ProviderProbe[]> {
  const probes: ProviderProbe[] = [];
  for (const { name } of ort.listSupportedBackends()) probes.push(await probeProvider(name));
  return probes;
}

/** Proves one execution provider by running a small matrix product on it. */
export async function probeProvider(name: string): Promise<ProviderProbe> {
  const graph = new GraphBuilder('probe');
  const input = graph.input('a', 'float32', [2, 2]);
  graph.output('product', new Ops(graph).gemm(input, input));
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  try {
    const session = await ort.InferenceSession.create(graph.build(), {
      executionProviders: [name],
      extra: name === 'cpu' ? {} : { session: { disable_cpu_ep_fallback: '1' } },
      logSeverityLevel: 4,
    });
    const { product } = await session.run({ a: floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2]) });
    const right = floats(product).join() === '7,10,15,22';
    await session.release();
    const detail = right ? 'ran a matrix product' : 'ran, but the result is wrong';
    return { name, ok: right, detail, milliseconds: elapsed() };
  } catch (cause) {
    return { name, ok: false, detail: firstLine(cause), milliseconds: elapsed() };
  }
}

/** The reason in an onnxruntime error, without the place in its sources that it begins with. */
function firstLine(error: unknown): string {
  const [line] = String(error instanceof Error ? error.message : error).split('\n');
  return line.replace(/^\/\S*onnxruntime\S* .* was false\. /, '');
}
