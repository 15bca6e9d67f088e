import { describe, expect, it } from 'vitest';
import { normaliseRows, rowNorms } from '../core/nearest-features.ts';
import { Rng } from '../core/rng.ts';
import { nearestByDecoder } from './decoder-similarity.ts';

const { signal } = new AbortController();

function randomMatrix(rows: number, columns: number): Float32Array {
  const rng = new Rng(7, `${rows}x${columns}`);
  return Float32Array.from({ length: rows * columns }, () => rng.uniform() - 0.5);
}

describe('nearestByDecoder', () => {
  it('agrees with all pairs compared and sorted, over more rows than one block', async () => {
    const [features, columns] = [300, 12];
    const decoders = randomMatrix(features, columns);
    decoders.fill(0, 5 * columns, 6 * columns);
    const rows = Array.from({ length: features }, (_, at) => decoders.slice(at * columns, (at + 1) * columns));
    const norms = rowNorms(decoders, columns);
    rows.forEach((row, at) => {
      expect(norms[at]).toBeCloseTo(Math.hypot(...row), 6);
    });
    const cosine = (a: number, b: number) => {
      const product = rows[a].reduce((sum, value, at) => sum + value * rows[b][at], 0);
      return product / (Math.hypot(...rows[a]) * Math.hypot(...rows[b]) || 1);
    };
    normaliseRows(decoders, columns);
    const nearest = await nearestByDecoder(decoders, columns, 5, signal);
    expect(nearest).toHaveLength(features);
    nearest.forEach((neighbours, feature) => {
      const others = rows.map((_, other) => ({ feature: other, cosine: cosine(feature, other) }));
      others.splice(feature, 1);
      const expected = others.sort((a, b) => b.cosine - a.cosine || a.feature - b.feature).slice(0, 5);
      expect(neighbours.map((neighbour) => neighbour.feature)).toEqual(expected.map((other) => other.feature));
      neighbours.forEach((neighbour, at) => {
        expect(neighbour.cosine).toBeCloseTo(expected[at].cosine, 5);
      });
    });
  });

  it('gives ties to the lower feature, and fewer neighbours where there are fewer features', async () => {
    const same = Float32Array.of(1, 0, 1, 0, 1, 0);
    expect(await nearestByDecoder(same, 2, 5, signal)).toEqual([
      [
        { feature: 1, cosine: 1 },
        { feature: 2, cosine: 1 },
      ],
      [
        { feature: 0, cosine: 1 },
        { feature: 2, cosine: 1 },
      ],
      [
        { feature: 0, cosine: 1 },
        { feature: 1, cosine: 1 },
      ],
    ]);
    expect(await nearestByDecoder(same, 2, 1, signal)).toMatchObject([
      [{ feature: 1 }],
      [{ feature: 0 }],
      [{ feature: 0 }],
    ]);
  });

  it('stops when it is told to', async () => {
    await expect(nearestByDecoder(randomMatrix(4, 2), 2, 1, AbortSignal.abort())).rejects.toThrow('abort');
  });
});
