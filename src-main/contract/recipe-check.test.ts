import { expect, it } from 'vitest';
import { checkRecipe } from './recipe-check.ts';

it('names every mistake with its line, column and key', () => {
  const { recipes, problems } = checkRecipe('name: a\nseed: -1\ntrain:\n  stepz: 5\n');
  expect(recipes).toEqual([]);
  expect(problems).toEqual([
    { line: 2, column: 7, key: 'seed', message: 'is -1 (expected at least 0)' },
    { line: 4, column: 3, key: 'train.stepz', message: 'unknown key (did you mean steps?)' },
  ]);
});

it('says where a text is no YAML, and that an empty one is no recipe', () => {
  expect(checkRecipe('name: [a\n').problems[0]).toMatchObject({ line: expect.any(Number), key: '' });
  expect(checkRecipe('').problems).toMatchObject([{ line: 1, column: 1 }]);
  expect(checkRecipe('a: &a [*a, *a]\nb: *nobody\n').problems.length).toBeGreaterThan(0);
});

it('gives the recipes, several where values are listed', () => {
  expect(checkRecipe('name: a').recipes).toMatchObject([{ name: 'a', train: { steps: 600 } }]);
  expect(checkRecipe('name: a\nseed: [0, 1]').recipes.map(({ seed }) => seed)).toEqual([0, 1]);
});
