import { describe, expect, test } from 'vitest';
import { InvertedLists } from '../core/inverted-lists.ts';
import { Rng } from '../core/rng.ts';
import { appendCode, codeAt, indexArray, type SparseCodes, sparseCode } from '../core/sparse-codes.ts';
import { SketchedCodes } from './sketched-codes.ts';

/** Codes as pooled patches have them: mostly alike, every row between two of a few prototypes; with twins and zeros. */
function pooledCodes(rows: number, features: number, signed: boolean): SparseCodes {
  const rng = new Rng(0, 'pooled');
  const value = () => (rng.uniform() < 0.5 ? 0 : rng.uniform() * (signed && rng.uniform() < 0.3 ? -2 : 2));
  const prototypes = Array.from({ length: 20 }, () => Float32Array.from({ length: features }, value));
  const indptr = new Uint32Array(rows + 1);
  const indices = indexArray(features, rows * features);
  const values = new Uint16Array(rows * features);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [prototypes[rng.below(20)], prototypes[rng.below(20)]];
    const mixed = a.map((one, at) => (Math.abs(one) > Math.abs(b[at]) ? one : b[at]) * (1 + 0.2 * rng.uniform()));
    if (row % 97 === 3) mixed.fill(0);
    if (row % 50 === 7) mixed.set(prototypes[row % 20]);
    indptr[row + 1] = appendCode(mixed, indices, values, indptr[row]);
  }
  const entries = indptr[rows];
  return { features, indptr, indices: indices.slice(0, entries), values: values.slice(0, entries) };
}

describe.each([
  { rows: 3000, features: 320, signed: false },
  { rows: 1500, features: 320, signed: true },
  { rows: 400, features: 24, signed: true },
  { rows: 2, features: 40, signed: true },
])('$rows codes of $features features, signed: $signed', ({ rows, features, signed }) => {
  const codes = pooledCodes(rows, features, signed);
  const lists = new InvertedLists(codes);
  const rng = new Rng(1, 'weights');
  const weights = Float32Array.from({ length: features }, () => (rng.uniform() < 0.1 ? 0 : rng.uniform()));

  test('searches by sketch find what inverted lists find, to the last bit', async () => {
    const sketched = await SketchedCodes.build(codes);
    const query = Float32Array.from({ length: features }, () => rng.uniform() - 0.5);
    const queries = [
      sparseCode(new Float32Array(features)),
      sparseCode(query),
      ...Array.from({ length: Math.min(rows, 40) }, (_, at) => codeAt(codes, (at * 7) % rows)),
    ];
    for (const [at, code] of queries.entries()) {
      for (const options of [{ k: 3 }, { k: 12, exclude: (at * 7) % rows }, { k: 5, weights }]) {
        expect(await sketched.search(code, options)).toEqual(lists.search(code, options));
      }
    }
    const atOnce = await Promise.all(queries.map((code) => sketched.search(code, { k: 3 })));
    expect(atOnce).toEqual(queries.map((code) => lists.search(code, { k: 3 })));
    await sketched.release();
  });
});
