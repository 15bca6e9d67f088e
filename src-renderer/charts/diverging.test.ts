import { expect, test } from 'vitest';
import { diverging } from './diverging.ts';

test('zero is the page, the ends are red and blue, and what lies beyond takes the end', () => {
  expect(diverging(0, 1, 'light').fill).toBe('rgb(255 255 255)');
  expect(diverging(0, 1, 'dark').fill).toBe('rgb(46 46 46)');
  expect(diverging(1, 1, 'light').fill).toBe('rgb(178 24 43)');
  expect(diverging(-7, 1, 'light')).toEqual(diverging(-1, 1, 'light'));
  expect(diverging(0.25, 0.5, 'light')).toEqual(diverging(0.5, 1, 'light'));
  expect(diverging(0, 0, 'light').fill).toBe('rgb(255 255 255)');
});

test('the value can be read on every colour', () => {
  const luminance = (colour: string) => {
    const channels = /^#/.test(colour)
      ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
      : colour.match(/\d+/g)?.map(Number);
    const [r, g, b] = (channels ?? []).map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const theme of ['light', 'dark'] as const) {
    for (let value = -1; value <= 1; value += 0.01) {
      const { fill, ink } = diverging(value, 1, theme);
      const [low, high] = [luminance(fill), luminance(ink)].sort((a, b) => a - b);
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  }
});
