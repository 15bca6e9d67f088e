import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from './rng.ts';
import { orthonormalise, sketchQuery, sketchRows } from './sketch.ts';

function randomMatrix(rows: number, columns: number, seed: number, share = 1): Float32Array {
  const rng = new Rng(seed, 'matrix');
  return Float32Array.from({ length: rows * columns }, () => (rng.uniform() < share ? rng.uniform() - 0.3 : 0));
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const rowOf = (matrix: Float32Array, width: number, row: number) => matrix.subarray(row * width, (row + 1) * width);

describe('orthonormalise', () => {
  test('gives rows of length 1 at right angles, and zero rows where rows depend on others', () => {
    const width = 12;
    const matrix = randomMatrix(6, width, 1);
    matrix.copyWithin(4 * width, 0, width);
    orthonormalise(matrix, width);
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b <= a; b++) {
        const expected = a === b && a !== 4 ? 1 : 0;
        expect(dot(rowOf(matrix, width, a), rowOf(matrix, width, b))).toBeCloseTo(expected, 5);
      }
    }
  });
});

describe('a sketch', () => {
  test('never gives less than the dot product, and not much more where the basis holds nearly all', () => {
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 24 }),
      r: fc.integer({ min: 1, max: 24 }),
      rows: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
      share: fc.constantFrom(0, 0.3, 1),
      scale: fc.constantFrom(1e-3, 1, 50),
    });
    fc.assert(
      fc.property(cases, ({ width, r: wanted, rows, seed, share, scale }) => {
        const r = Math.min(wanted, width);
        const basis = randomMatrix(r, width, seed);
        orthonormalise(basis, width);
        const x = randomMatrix(rows, width, seed + 1, share);
        for (let row = 0; row < rows; row++) {
          const own = rowOf(x, width, row);
          const length = Math.sqrt(dot(own, own));
          if (length > 0) own.set(own.map((value) => value / length));
        }
        const project = (values: Float32Array) =>
          Float32Array.from({ length: r }, (_, c) => dot(rowOf(basis, width, c), values));
        const coordinates = new Float32Array(rows * r);
        for (let row = 0; row < rows; row++) coordinates.set(project(rowOf(x, width, row)), row * r);
        const sketch = sketchRows(coordinates, r);
        expect(sketch.matrix.every((value) => Math.abs(value) <= 63)).toBe(true);

        const query = randomMatrix(1, width, seed + 2, share).map((value) => value * scale);
        const queryNorm = Math.sqrt(dot(query, query));
        const { digits, unit, offset } = sketchQuery(sketch, project(query), queryNorm);
        for (let row = 0; row < rows; row++) {
          let product = 0;
          for (let c = 0; c < sketch.size; c++) {
            product += (256 * (digits[c] - 128) + digits[sketch.size + c] - 128) * sketch.matrix[c * rows + row];
          }
          const excess = product * unit + offset - dot(query, rowOf(x, width, row));
          expect(excess).toBeGreaterThanOrEqual(0);
          if (r === width) expect(excess).toBeLessThanOrEqual(0.25 * queryNorm);
        }
      }),
      { numRuns: 300 },
    );
  });
});
