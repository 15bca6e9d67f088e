import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFloat16, float16Values, toFloat16Bits } from './float16.ts';

test('every half survives the way to a number and back', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = float16Values[bits];
    if (Number.isNaN(value)) expect(Number.isNaN(float16Values[toFloat16Bits(value)])).toBe(true);
    else if (toFloat16Bits(value) !== bits) throw new Error(`${bits.toString(16)} came back changed`);
  }
});

test('known values', () => {
  expect(toFloat16Bits(1)).toBe(0x3c00);
  expect(toFloat16Bits(-2)).toBe(0xc000);
  expect(toFloat16Bits(65504)).toBe(0x7bff);
  expect(toFloat16Bits(65520)).toBe(0x7c00);
  expect(toFloat16Bits(2 ** -24)).toBe(1);
  expect(toFloat16Bits(2 ** -26)).toBe(0);
  // Halfway between two neighbours: the even one.
  expect(toFloat16Bits(1 + 2 ** -11)).toBe(0x3c00);
  expect(toFloat16Bits(1 + 3 * 2 ** -11)).toBe(0x3c02);
});

test('rounds to the nearest half, ties to even', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -65519, max: 65519 }), (value) => {
      const bits = toFloat16Bits(value);
      const error = Math.abs(float16Values[bits] - value);
      for (const neighbour of [bits - 1, bits + 1]) {
        const other = float16Values[neighbour & 0xffff];
        if (!Number.isFinite(other)) continue;
        const gap = Math.abs(other - value);
        expect(error).toBeLessThanOrEqual(gap);
        if (error === gap && other !== float16Values[bits]) expect(bits & 1).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test.runIf('Float16Array' in globalThis)("agrees with the platform's own Float16Array where there is one", () => {
  const Platform = (globalThis as unknown as { Float16Array: new (values: number[]) => { buffer: ArrayBuffer } })
    .Float16Array;
  fc.assert(
    fc.property(fc.float(), (value) => {
      const expected = new Uint16Array(new Platform([value]).buffer)[0];
      if (Number.isNaN(value)) expect(toFloat16Bits(value) & 0x7c00).toBe(0x7c00);
      else expect(toFloat16Bits(value)).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});

test('counts what does not fit', () => {
  const target = new Uint16Array(5);
  expect(encodeFloat16(Float32Array.of(1, 1e6, Number.NaN, -7e4), target, 1)).toBe(3);
  expect(target[1]).toBe(0x3c00);
});
