import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('what was asked for last stays', () => {
  const cache = new BoundedCache(3);
  const one = new Uint8Array(1);
  for (const key of ['a', 'b', 'c']) cache.set(key, one);
  cache.get('a');
  cache.set('d', one);
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
});

test('it counts what it holds and never holds more than it may', () => {
  const puts = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat({ max: 12 })));
  fc.assert(
    fc.property(puts, (entries) => {
      const cache = new BoundedCache(20);
      for (const [key, bytes] of entries) {
        cache.set(key, new Uint8Array(bytes));
        expect(cache.get(key)?.byteLength).toBe(bytes);
        expect(cache.bytes).toBeLessThanOrEqual(20);
      }
      const held = ['a', 'b', 'c', 'd', 'e'].reduce((sum, key) => sum + (cache.get(key)?.byteLength ?? 0), 0);
      expect(cache.bytes).toBe(held);
    }),
  );
});
