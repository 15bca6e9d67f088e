import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isStrataError } from './errors.ts';
import { captureSeed, featureCount, recipeSchema, sparsifierChoice } from './recipe.ts';
import { parseRecipe } from './recipe-file.ts';

function mistakesOf(text: string): string[] {
  try {
    parseRecipe(text, 'r.yaml');
  } catch (error) {
    if (isStrataError(error) && error.code === 'RECIPE_INVALID')
      return error.message.split('\n').map((line) => line.trim());
    throw error;
  }
  throw new Error('no mistake found');
}

describe('parseRecipe', () => {
  it('fills in defaults', () => {
    const { train, capture } = parseRecipe('name: a', 'a.yaml');
    expect(sparsifierChoice(train)).toEqual({ kind: 'relu-topk', parameters: { k: 32 } });
    expect(featureCount(train, 192)).toBe(768);
    expect(capture).toMatchObject({ mode: 'shards', patchesPerImage: 16, diskBudgetGB: 20 });
  });

  it('leaves no trace of optional keys that are not given, so that they change no run id', () => {
    const recipe = parseRecipe('name: a', 'a.yaml');
    expect(Object.keys(recipe)).not.toContain('imported');
    expect(Object.keys(recipe.capture)).not.toContain('seed');
    expect(captureSeed(parseRecipe('name: a\nseed: 3', 'a.yaml'))).toBe(3);
    expect(captureSeed(parseRecipe('name: a\nseed: 3\ncapture: {seed: 4}', 'a.yaml'))).toBe(4);
  });

  it('reports all mistakes at once, in order, each at its place', () => {
    const text = [
      'name: "My Run"',
      'modle: x',
      'capture:',
      '  mode: disk',
      'train:',
      '  sparsifier: {kind: jumprelu, k: 3}',
      '  steps: 1.5',
      '  lerningRate: 1',
      'evaluate:',
    ].join('\n');
    expect(mistakesOf(text)).toEqual([
      'r.yaml has 7 mistakes:',
      "r.yaml:1:7 name: is 'My Run' (expected small letters, digits, dots and dashes, beginning with a letter or digit)",
      'r.yaml:2:1 modle: unknown key (did you mean model?)',
      "r.yaml:4:9 capture.mode: is 'disk' (expected one of shards, stream)",
      'r.yaml:6:32 train.sparsifier.k: unknown key (expected one of bandwidth, c, lambda, initialThreshold, kind)',
      'r.yaml:7:10 train.steps: is 1.5 (expected a whole number)',
      'r.yaml:8:3 train.lerningRate: unknown key (did you mean learningRate?)',
      'r.yaml:9:10 evaluate: is empty (expected a mapping of keys to values)',
    ]);
  });

  it.each([
    ['', 'r.yaml:1:1 the recipe is empty (expected a mapping of keys to values)'],
    ['seed: 1', 'r.yaml:1:1 name: is missing (expected text)'],
    ['name: a\nsteps: 3', 'r.yaml:2:1 steps: unknown key (did you mean train.steps?)'],
    ['name: a\nname: b', 'r.yaml:2:1 not YAML: Map keys must be unique'],
    [
      'name: a\ntrain: {sparsifier: {kind: topk}}',
      "r.yaml:2:28 train.sparsifier.kind: is 'topk' (expected one of relu-topk, abs-topk, jumprelu, relu)",
    ],
    ['name: a\nseed: .nan', 'r.yaml:2:7 seed: is NaN (expected a number)'],
    [
      'name: a\ncapture: {patchesPerImage: some}',
      "r.yaml:2:28 capture.patchesPerImage: is 'some' (expected a whole number of at least 0, or 'all')",
    ],
  ])('says of %j what is wrong', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });

  it('reads back what it has parsed, so that a stored recipe stays readable', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
          seed: fc.nat(),
          train: fc.record({ steps: fc.integer({ min: 1 }), learningRate: fc.constantFrom('auto', 1e-3) }),
        }),
        (written) => {
          const recipe = parseRecipe(stringify(written), 'r.yaml');
          expect(recipe).toMatchObject(written);
          expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never fails with anything but RECIPE_INVALID', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => stringify(value)),
        ),
        (text) => {
          expect(mistakesOf(text)[0]).toMatch(/^r\.yaml/);
        },
      ),
    );
  });
});
