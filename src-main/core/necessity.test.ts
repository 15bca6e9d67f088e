import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceChoices, sourceRanking } from './necessity.ts';

test('sources rank by falling score, negative ones last, the lower layer first on a tie', () => {
  expect(sourceRanking([0.1, 0.5, -0.2, 0.5])).toEqual([1, 3, 0, 2]);
});

test('gates are open for exactly the sources that a choice leaves', () => {
  const scores = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(scores, (values) => {
      const ranking = sourceRanking(values);
      const choices = sourceChoices(ranking, [0, 1, 2, 3, 4]);
      const open = (at: number) => choices[at].gates.flatMap((gate, layer) => (gate === 1 ? [layer] : []));
      expect(choices.map(({ name }) => name)).toEqual([
        'drop-top-1',
        'keep-top-4',
        ...Array(5).fill('drop-random'),
        'keep-worst-4',
      ]);
      expect(new Set([...open(0), ranking[0]]).size).toBe(values.length);
      expect(open(0)).not.toContain(ranking[0]);
      expect(new Set(open(1))).toEqual(new Set(ranking.slice(0, 4)));
      expect(new Set(open(7))).toEqual(new Set(ranking.slice(-4)));
      for (let at = 2; at < 7; at++) expect(open(at)).toHaveLength(values.length - 1);
    }),
  );
});
