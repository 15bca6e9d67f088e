import { type FeatureNeighbour, nearestFeatures } from '../core/nearest-features.ts';
import { GraphBuilder } from '../graphs/builder.ts';
import { Ops } from '../graphs/ops.ts';
import { createSession, floats, floatTensor, free } from './session.ts';

/** Rows compared with all others at once: bounds the memory of the cosines. */
const rowsPerRun = 256;

/**
 * The `count` nearest features of every feature of a source layer, given its decoders [m, columns] with rows of length
 * 1 (core/nearest-features.ts). The products run on the CPU, whatever trains: a decoder may be larger than a GPU buffer.
 */
export async function nearestByDecoder(
  decoders: Float32Array,
  columns: number,
  count: number,
  signal: AbortSignal,
): Promise<FeatureNeighbour[][]> {
  const features = decoders.length / columns;
  const graph = new GraphBuilder('decoder-similarity');
  const some = graph.input('some', 'float32', ['rows', columns]);
  const all = graph.input('all', 'float32', [features, columns]);
  graph.output('cosines', new Ops(graph).gemm(some, all, undefined, { b: true }));
  const session = await createSession(graph.build(), { provider: 'cpu' });
  try {
    const nearest: FeatureNeighbour[][] = [];
    for (let first = 0; first < features; first += rowsPerRun) {
      signal.throwIfAborted();
      const rows = decoders.subarray(first * columns, Math.min(first + rowsPerRun, features) * columns);
      const output = await session.run({
        some: floatTensor(rows, [rows.length / columns, columns]),
        all: floatTensor(decoders, [features, columns]),
      });
      const cosines = floats(output.cosines);
      nearest.push(...nearestFeatures(cosines, features, first, count));
      free(cosines);
    }
    return nearest;
  } finally {
    await session.release();
  }
}
