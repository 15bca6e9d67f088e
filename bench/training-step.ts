import { initialParameters } from '../src-main/core/clt-init.ts';
import { type CltShape, parameterCount } from '../src-main/core/clt-shape.ts';
import { Rng } from '../src-main/core/rng.ts';
import { CltTrainer } from '../src-main/engine/clt-trainer.ts';
import { createSession, floatTensor } from '../src-main/engine/session.ts';
import { GraphBuilder } from '../src-main/graphs/builder.ts';
import { Ops } from '../src-main/graphs/ops.ts';
import { milliseconds, sideBySide } from './timing.ts';

const sizes = {
  S: { layers: 6, width: 192, features: 1536, tokens: 1024, rounds: 7 },
  M: { layers: 12, width: 768, features: 3072, tokens: 512, rounds: 3 },
} as const;

/** Side of the square matrices whose product is the yardstick. */
const gemmSide = 1536;

/** Floating point operations of one dense step: three products of the decoder triangle, two of the encoder. */
function stepOperations({ layers, width, features, tokens }: (typeof sizes)['S' | 'M']): number {
  const triangle = (layers * (layers + 1)) / 2;
  return 2 * tokens * width * features * (3 * triangle + 2 * layers);
}

/** One training step (loss, gradients, clipping, Adam; relu-topk, k = 32) beside a plain matrix product. */
export async function benchTrainingStep(name: 'S' | 'M'): Promise<string[]> {
  const size = sizes[name];
  const { layers, width, features, tokens, rounds } = size;
  const shape: CltShape = { layers, width, features, sparsifier: { kind: 'relu-topk', parameters: { k: 32 } } };
  const parameters = initialParameters(shape, 0);
  const zeros = () => new Map([...parameters].map(([key, values]) => [key, new Float32Array(values.length)]));
  const trainer = await CltTrainer.create(
    {
      shape,
      provider: 'cpu',
      tokens,
      clipNorm: 1,
      revival: { auxK: 128, auxWeight: 1 / 32, preactivationWeight: 3e-6 },
    },
    { step: 0, parameters, m: zeros(), v: zeros() },
  );
  const x = randomValues(tokens * layers * width, 'x');
  const y = randomValues(tokens * layers * width, 'y');
  const gemm = await gemmSession();
  const timings = await sideBySide(
    {
      step: () => trainer.train({ x, y, learningRate: 1e-4, lambda: 0 }, () => true),
      gemm: () => gemm.run(),
    },
    rounds,
  );
  await Promise.all([trainer.release(), gemm.release()]);
  const gemmSpeed = (2 * gemmSide ** 3) / timings.gemm.median / 1e6;
  const stepSpeed = stepOperations(size) / timings.step.median / 1e6;
  return [
    `training step ${name} (L${layers} d${width} m${features} B${tokens}, ${(parameterCount(shape) / 1e6).toFixed(1)}M parameters)`,
    `  ${milliseconds(timings.step)}, ${((tokens / timings.step.median) * 1000).toFixed(0)} tokens/s`,
    `  ${stepSpeed.toFixed(0)} GFLOP/s of dense arithmetic, ${((100 * stepSpeed) / gemmSpeed).toFixed(0)} % of a plain GEMM's ${gemmSpeed.toFixed(0)} GFLOP/s`,
  ];
}

async function gemmSession() {
  const graph = new GraphBuilder('gemm');
  const a = graph.input('a', 'float32', [gemmSide, gemmSide]);
  const b = graph.input('b', 'float32', [gemmSide, gemmSide]);
  graph.output('product', new Ops(graph).gemm(a, b));
  const session = await createSession(graph.build(), { provider: 'cpu' });
  const matrix = (stream: string) => floatTensor(randomValues(gemmSide ** 2, stream), [gemmSide, gemmSide]);
  const feeds = { a: matrix('a'), b: matrix('b') };
  return { run: () => session.run(feeds), release: () => session.release() };
}

function randomValues(length: number, stream: string): Float32Array {
  const rng = new Rng(0, `bench/${stream}`);
  return Float32Array.from({ length }, () => 2 * rng.uniform() - 1);
}
