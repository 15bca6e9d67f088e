import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparsifierById, sparsifierIds, sparsifiers } from './index.ts';

const codes = fc.array(fc.float({ min: -8, max: 8, noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 40,
});

test('every sparsifier says what it is and has defaults for its parameters', () => {
  for (const id of sparsifierIds) {
    const { title, summary, parameters } = sparsifierById(id);
    expect(title && summary).toBeTruthy();
    expect(Object.keys(parameters.parse({})).length).toBeGreaterThan(0);
    for (const [name, schema] of Object.entries(parameters.shape)) {
      expect(schema.description, `${id}.${name}`).toBeTruthy();
    }
  }
  expect(() => sparsifierById('constructor')).toThrow('unknown sparsifier');
});

test('top-k codes keep at most k entries, none of which is beaten by one that was dropped', () => {
  fc.assert(
    fc.property(codes, fc.integer({ min: 1, max: 50 }), (values, k) => {
      const h = Float32Array.from(values);
      for (const [id, score] of [
        ['relu-topk', (value: number) => Math.max(value, 0)],
        ['abs-topk', Math.abs],
      ] as const) {
        const z = sparsifiers[id].apply(h, { k });
        const kept = h.map((_, at) => (z[at] !== 0 ? 1 : 0));
        expect(kept.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(k);
        z.forEach((value, at) => {
          if (value !== 0) expect(value).toBe(id === 'relu-topk' ? score(h[at]) : h[at]);
        });
        if (kept.reduce((a, b) => a + b, 0) === k) {
          const weakest = Math.min(
            ...Array.from(h.keys())
              .filter((at) => kept[at])
              .map((at) => score(h[at])),
          );
          h.forEach((value, at) => {
            if (!kept[at]) expect(score(value)).toBeLessThanOrEqual(weakest);
          });
        }
      }
    }),
  );
});

test('the lower feature wins a tie at the k-th place', () => {
  const h = Float32Array.of(1, 3, -3, 3, 1);
  expect(Array.from(sparsifiers['relu-topk'].apply(h, { k: 1 }))).toEqual([0, 3, 0, 0, 0]);
  expect(Array.from(sparsifiers['abs-topk'].apply(h, { k: 2 }))).toEqual([0, 3, -3, 0, 0]);
});

test('a threshold keeps what is above it, not what equals it', () => {
  const theta = Float32Array.of(0.5, 0.5, 0.5);
  expect(Array.from(sparsifiers.jumprelu.apply(Float32Array.of(0.5, 0.75, -2), {}, theta))).toEqual([0, 0.75, 0]);
});

test('ReLU keeps what is above 0', () => {
  expect(Array.from(sparsifiers.relu.apply(Float32Array.of(0.5, 0, -2), {}))).toEqual([0.5, 0, 0]);
});
