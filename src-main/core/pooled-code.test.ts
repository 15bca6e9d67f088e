import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageRow } from './pooled-code.ts';

test('patches are pooled to the value of largest magnitude with its sign, the earlier one on a tie', () => {
  const value = fc.integer({ min: -3, max: 3 });
  const sizes = fc.record({ patches: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(
      sizes.chain(({ patches, columns }) => {
        const length = (1 + patches) * columns;
        return fc.tuple(fc.constant(columns), fc.array(value, { minLength: length, maxLength: length }));
      }),
      ([columns, values]) => {
        const tokens = Float32Array.from(values);
        const expected = Array.from({ length: columns }, (_, column) => {
          const patches = values.filter((_, at) => at >= columns && at % columns === column);
          const largest = Math.max(...patches.map(Math.abs));
          return patches.find((one) => Math.abs(one) === largest);
        });
        // A zero of either sign is a zero.
        expect(Array.from(imageRow(tokens, columns, 'patches'), (one) => one + 0)).toEqual(
          expected.map((one) => (one ?? 0) + 0),
        );
        expect(Array.from(imageRow(tokens, columns, 'cls'))).toEqual(values.slice(0, columns));
      },
    ),
  );
});

test('a given target is overwritten', () => {
  const target = Float32Array.of(9, 9);
  expect(imageRow(Float32Array.of(1, 2, 0, -1, 0, 1), 2, 'patches', target)).toBe(target);
  expect(Array.from(target)).toEqual([0, -1]);
});
