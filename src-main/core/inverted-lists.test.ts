import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvertedLists } from './inverted-lists.ts';
import type { Neighbour } from './nearest.ts';
import { appendCode, indexArray, type SparseCodes, sparseCode } from './sparse-codes.ts';

function codesOf(features: number, rows: readonly Float32Array[]): SparseCodes {
  const indices = indexArray(features, rows.length * features);
  const values = new Uint16Array(rows.length * features);
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => {
    indptr[at + 1] = appendCode(row, indices, values, indptr[at]);
  });
  const entries = indptr[rows.length];
  return { features, indptr, indices: indices.slice(0, entries), values: values.slice(0, entries) };
}

/** Cosine of w a and w b, written as the definition has it. */
function cosine(a: Float32Array, b: Float32Array, weights?: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((_, f) => {
    const w = weights?.[f] ?? 1;
    dot += w * a[f] * w * b[f];
    aa += (w * a[f]) ** 2;
    bb += (w * b[f]) ** 2;
  });
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function bruteForce(
  query: Float32Array,
  rows: readonly Float32Array[],
  k: number,
  exclude?: number,
  weights?: Float32Array,
): Neighbour[] {
  return rows
    .map((row, at) => ({ row: at, similarity: cosine(query, row, weights) }))
    .filter(({ row }) => row !== exclude)
    .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
    .slice(0, k);
}

// Small whole numbers: their products and sums are exact, so that equal codes tie to the last bit; many zeros and repeats.
const activation = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -4, max: 4 }));
const codeOf = (features: number) =>
  fc.array(activation, { minLength: features, maxLength: features }).map((values) => Float32Array.from(values));
const cases = fc.integer({ min: 1, max: 12 }).chain((features) =>
  fc.record({
    features: fc.constant(features),
    rows: fc.array(codeOf(features), { maxLength: 30 }),
    query: codeOf(features),
    k: fc.integer({ min: 1, max: 8 }),
    exclude: fc.option(fc.integer({ min: 0, max: 29 }), { nil: undefined }),
    weights: fc.option(
      fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: features, maxLength: features })
        .map((values) => Float32Array.from(values)),
      { nil: undefined },
    ),
  }),
);

describe('InvertedLists', () => {
  test('finds what a comparison with every row finds: signs, zero codes, weights, the query left out', () => {
    fc.assert(
      fc.property(cases, ({ features, rows, query, k, exclude, weights }) => {
        const found = new InvertedLists(codesOf(features, rows)).search(sparseCode(query), { k, weights, exclude });
        const expected = bruteForce(query, rows, k, exclude, weights);
        expect(found.map(({ similarity }) => similarity)).toEqual(
          expected.map(({ similarity }) => expect.closeTo(similarity, 12)),
        );
        // Cosines that differ by rounding alone may change places; rows of the same code never do.
        found.forEach(({ row }) => {
          expect(row).not.toBe(exclude);
          const twin = rows.findIndex((other, at) => at !== exclude && other.join() === rows[row].join());
          const before = rows.slice(0, row).filter((other, at) => at !== exclude && other.join() === rows[row].join());
          if (before.length > 0) expect(found.map((one) => one.row)).toContain(twin);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('gives ties in the order of the rows', () => {
    const rows = [
      [0, 0],
      [2, 0],
      [1, 0],
      [0, 3],
      [4, 0],
    ].map((values) => Float32Array.from(values));
    const lists = new InvertedLists(codesOf(2, rows));
    const rowsFound = (query: number[], k: number) =>
      lists.search(sparseCode(Float32Array.from(query)), { k }).map(({ row }) => row);
    expect(rowsFound([1, 0], 3)).toEqual([1, 2, 4]);
    expect(rowsFound([1, 0], 5)).toEqual([1, 2, 4, 0, 3]);
    expect(rowsFound([0, 0], 2)).toEqual([0, 1]);
    expect(rowsFound([-1, 0], 3)).toEqual([0, 3, 1]);
  });

  test('an indexed code is found first for itself, with similarity 1', () => {
    fc.assert(
      fc.property(fc.array(codeOf(9), { minLength: 1, maxLength: 20 }), fc.nat(), (rows, at) => {
        const own = rows[at % rows.length];
        if (own.every((value) => value === 0)) return;
        const [first] = new InvertedLists(codesOf(9, rows)).search(sparseCode(own), { k: 1 });
        expect(first.similarity).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('appendCode', () => {
  test('keeps half precision, drops what rounds to zero, and stays finite', () => {
    const code = Float32Array.of(0, 1.5, -1e-9, -70_000, 0.1);
    const { indices, values } = sparseCode(code);
    expect(Array.from(indices)).toEqual([1, 3, 4]);
    expect(Array.from(values)).toEqual([1.5, -65504, expect.closeTo(0.1, 4)]);
  });
});
