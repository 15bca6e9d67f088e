import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worstPairs } from './confusion.ts';

const classes = 5;
const outcome = fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1));

test('the pairs agree with a full confusion matrix, in order, and no left-out pair is worse', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 80 }), fc.integer({ min: 1, max: 30 }), (outcomes, k) => {
      const labels = outcomes.map(([label]) => label);
      const predicted = outcomes.map(([, prediction]) => prediction);
      const matrix = Array.from({ length: classes }, (_, label) =>
        Array.from(
          { length: classes },
          (_, prediction) => outcomes.filter((one) => one[0] === label && one[1] === prediction).length,
        ),
      );
      const expected = matrix
        .flatMap((row, classIndex) => row.map((images, takenForIndex) => ({ classIndex, takenForIndex, images })))
        .filter(({ classIndex, takenForIndex, images }) => classIndex !== takenForIndex && images > 0)
        .toSorted((a, b) => b.images - a.images)
        .slice(0, k);
      const pairs = worstPairs(labels, predicted, classes, k);
      expect(pairs.map(({ examples: _, ...pair }) => pair)).toEqual(expected);
      for (const { examples, classIndex, takenForIndex, images } of pairs) {
        expect(examples).toHaveLength(Math.min(images, 12));
        for (const at of examples) expect(outcomes[at]).toEqual([classIndex, takenForIndex]);
      }
    }),
  );
});
