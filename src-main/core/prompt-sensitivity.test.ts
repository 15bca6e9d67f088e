import { expect, test } from 'vitest';
import { meanAbsDifference, PromptMeter, promptSpread } from './prompt-sensitivity.ts';

test('accuracy is counted for every template alone', () => {
  // Two classes in the plane; the second template names them the wrong way round.
  const right = Float32Array.of(1, 0, 0, 1);
  const wrong = Float32Array.of(0, 1, 1, 0);
  const meter = new PromptMeter([right, wrong], 100);
  meter.add(Float32Array.of(3, 1), 0);
  meter.add(Float32Array.of(1, 2), 1);
  meter.add(Float32Array.of(1, 2), 0);
  const { top1, top5 } = meter.finish();
  expect(top1).toEqual([2 / 3, 1 / 3]);
  expect(top5).toEqual([1, 1]);
});

test('spread is the standard deviation over the templates, difference the mean distance', () => {
  expect(promptSpread([0.5])).toBe(0);
  expect(promptSpread([0.2, 0.4])).toBeCloseTo(0.1, 12);
  expect(meanAbsDifference([0.2, 0.6], [0.3, 0.3])).toBeCloseTo(0.2, 12);
});
