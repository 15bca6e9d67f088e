import { describe, expect, test } from 'vitest';
import { patternImage } from '../../testdata/resize/pattern-image.ts';
import cases from '../../testdata/resize/preprocess.json' with { type: 'json' };
import { preprocessorSchema } from '../data/preprocessor-config.ts';
import { centreCrop, preprocess, resizedSize } from './preprocess.ts';

test.each(cases)('$pattern $width x $height with $settings: as transformers to the bit', (golden) => {
  const image = patternImage(golden.pattern, golden.width, golden.height);
  const expected = Buffer.from(golden.values, 'base64');
  const values = preprocess(image, preprocessorSchema.parse(golden.settings));
  expect(values.byteLength).toBe(expected.byteLength);
  expect(Buffer.compare(Buffer.from(values.buffer), expected)).toBe(0);
});

describe('sizes', () => {
  test('the longer edge is truncated', () => {
    expect(resizedSize({ width: 500, height: 333 }, { shortestEdge: 224 })).toEqual({ width: 336, height: 224 });
    expect(resizedSize({ width: 333, height: 500 }, { shortestEdge: 224 })).toEqual({ width: 224, height: 336 });
    expect(resizedSize({ width: 7, height: 9 }, { width: 3, height: 2 })).toEqual({ width: 3, height: 2 });
  });

  test('an image smaller in one direction is padded there and cropped in the other', () => {
    const image = patternImage('ramp', 4, 1);
    const { data } = centreCrop(image, { width: 2, height: 2 });
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, ...image.data.subarray(3, 9)]);
  });
});
