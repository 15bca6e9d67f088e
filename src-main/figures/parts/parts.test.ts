import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../render/font.ts';
import { fontSize } from '../style.ts';
import { placedLabels } from './label-places.ts';
import { layerScale, linearScale, logScale } from './ticks.ts';

const plainNumber = (label: string) => Number(label.replace('−', '-'));

describe('scales', () => {
  it('hold every value, with a few round ticks inside whose labels say their value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const { domain, ticks } = linearScale(values);
          for (const value of values) expect(value >= domain[0] && value <= domain[1]).toBe(true);
          expect(domain[0]).toBeLessThan(domain[1]);
          expect(ticks.length).toBeGreaterThan(1);
          expect(ticks.length).toBeLessThan(8);
          for (const { value, label } of ticks) expect(plainNumber(label)).toBe(value);
        },
      ),
      { examples: [[[0]], [[1, 1]]] },
    );
  });

  it('keep within limits unless a value lies beyond', () => {
    expect(linearScale([0.5, 1], { limits: [-1, 1] }).domain[1]).toBe(1);
    expect(linearScale([0.5, 1.2], { limits: [-1, 1] }).domain[1]).toBe(1.2);
  });

  it('count powers of ten on a log axis, or finer where there are too few', () => {
    expect(logScale([0.0004, 0.03]).ticks.map(({ label }) => label)).toEqual(['10⁻³', '10⁻²']);
    expect(logScale([0.002, 0.003]).ticks.map(({ label }) => label)).toEqual(['2·10⁻³']);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        (low, ratio) => {
          const { domain, ticks } = logScale([low, low * ratio]);
          expect(ticks.length).toBeGreaterThan(0);
          for (const { value } of ticks) expect(value >= domain[0] && value <= domain[1]).toBe(true);
        },
      ),
    );
  });

  it('label layers without letting the labels touch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 50, max: 400 }), (layers, length) => {
        const { ticks } = layerScale(layers, length, (layer) => `${layer}→${layers - 1}`);
        expect(ticks[0].value).toBe(0);
        for (const [at, { value, label }] of ticks.slice(1).entries()) {
          const apart = ((value - ticks[at].value) * length) / layers;
          const widths = textWidth(label, fontSize.small) / 2 + textWidth(ticks[at].label, fontSize.small) / 2;
          expect(apart).toBeGreaterThan(widths);
        }
      }),
    );
  });
});

describe('labels of a scatter', () => {
  it('do not cover one another, however close their marks', () => {
    const marks = Array.from({ length: 6 }, (_, at) => ({ x: 100 + at, y: 60 - at, text: `L${at}` }));
    const size = fontSize.small;
    const boxes = placedLabels(marks, { width: 200, height: 120, size }).map(({ x, y, text }) => ({
      left: x,
      right: x + textWidth(text, size),
      top: y - size * 0.7,
      bottom: y,
    }));
    for (const [at, a] of boxes.entries()) {
      for (const b of boxes.slice(at + 1)) {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }
    }
  });
});
