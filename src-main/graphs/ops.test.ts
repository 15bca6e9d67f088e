import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topKIndices } from '../core/top-k.ts';
import { createSession, floats, floatTensor, type Provider } from '../engine/session.ts';
import { webgpuForTests } from '../testing/software-gpu.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { Ops } from './ops.ts';

const webgpu = await webgpuForTests();

/** Builds a graph over float inputs of the given shapes, runs it on 0, 1, 2, ... and gives authored and real shape. */
async function shapes(inputs: number[][], build: (ops: Ops, values: Value[]) => Value) {
  const graph = new GraphBuilder('test');
  const values = inputs.map((shape, at) => graph.input(`in${at}`, 'float32', shape));
  const result = build(new Ops(graph), values);
  graph.output('out', result);
  const session = await createSession(graph.build(), { provider: 'cpu' });
  const feeds = inputs.map((shape, at) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [
      `in${at}`,
      floatTensor(
        Float32Array.from({ length: size }, (_, i) => i),
        shape,
      ),
    ] as const;
  });
  const { out } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return { authored: [...result.shape], real: [...out.dims] };
}

const size = fc.integer({ min: 1, max: 5 });

test('the shapes an author sees are the shapes onnxruntime computes', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, size, size, fc.boolean(), fc.boolean(), async (a, b, c, d, transA, transB) => {
      const builds: [number[][], (ops: Ops, values: Value[]) => Value][] = [
        [
          [transA ? [b, a] : [a, b], transB ? [c, b] : [b, c], [1, c]],
          (ops, [x, y, z]) => ops.gemm(x, y, z, { a: transA, b: transB }),
        ],
        [
          [
            [d, a, b],
            [d, b, c],
          ],
          (ops, [x, y]) => ops.matmul(x, y),
        ],
        [[[a, b, c]], (ops, [x]) => ops.transpose(x, [2, 0, 1])],
        [[[a, b, c]], (ops, [x]) => ops.reshape(x, [c, a * b])],
        [
          [
            [a, b],
            [a, c],
          ],
          (ops, [x, y]) => ops.concat([x, y], 1),
        ],
        [[[a, b + c]], (ops, [x]) => ops.split(x, [b, c], 1)[1]],
        [[[a, b + c]], (ops, [x]) => ops.slice(x, 1, b, b + c)],
        [[[a, b, c]], (ops, [x]) => ops.pad(x, 1, d, 1)],
        [[[a, b, c]], (ops, [x]) => ops.gather(x, ops.ints([0, b - 1]), 1)],
        [
          [
            [a, b, c],
            [b, 1],
          ],
          (ops, [x, y]) => ops.add(x, y),
        ],
        [[[a, b]], (ops, [x]) => ops.reduce('ReduceSum', x, [1], transA)],
        [[[a, b]], (ops, [x]) => ops.topKMask(x, c)],
      ];
      for (const [inputs, build] of builds) {
        const { authored, real } = await shapes(inputs, build);
        expect(authored).toEqual(real);
      }
    }),
    { numRuns: 15 },
  );
});

test('shapes that do not fit are refused while the graph is written, with both of them named', () => {
  const graph = new GraphBuilder('bad');
  const ops = new Ops(graph);
  const a = graph.input('a', 'float32', [2, 3]);
  const b = graph.input('b', 'float32', [2, 4]);
  expect(() => ops.gemm(a, b)).toThrow(/Gemm: shapes a\[2, 3\] and b\[2, 4\]/);
  expect(() => ops.add(a, b)).toThrow(/\[2, 3\] and \[2, 4\] do not broadcast/);
  expect(() => ops.matmul(a, b)).toThrow('MatMul');
  expect(() => ops.reshape(a, ['batch', 'length', 1])).toThrow('two unknown sizes');
  const open = graph.input('open', 'float32', ['batch', 3]);
  expect(() => ops.concat([open, open], 0)).toThrow('known sizes');
});

describe('the top-k mask is the reference, ties included', () => {
  const check = async (provider: Provider, runs: number) => {
    const [rows, columns] = [4, 12];
    for (const k of [1, 5, 12]) {
      const graph = new GraphBuilder('top-k');
      graph.output('mask', new Ops(graph).topKMask(graph.input('scores', 'float32', [rows, columns]), k));
      const session = await createSession(graph.build(), { provider });
      // Few distinct values, so that most rows have a tie at the k-th place.
      const scores = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: rows * columns, maxLength: rows * columns });
      await fc.assert(
        fc.asyncProperty(scores, async (values) => {
          const data = Float32Array.from(values);
          const mask = floats((await session.run({ scores: floatTensor(data, [rows, columns]) })).mask);
          for (let row = 0; row < rows; row++) {
            const kept = topKIndices(data.subarray(row * columns, (row + 1) * columns), k);
            const found = Array.from({ length: columns }, (_, at) => at).filter((at) => mask[row * columns + at] === 1);
            expect(found).toEqual(kept);
          }
        }),
        { numRuns: runs },
      );
      await session.release();
    }
  };
  test('on the CPU', () => check('cpu', 50));
  test.runIf(webgpu.ok)('on WebGPU', () => check('webgpu', 10));
});
