import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { canonicalJson } from '../core/canonical-json.ts';
import { isStrataError } from './errors.ts';
import { slug } from './recipe.ts';
import { parseRecipe, parseRecipes } from './recipe-file.ts';

const recipesDir = join(import.meta.dirname, '../../recipes');
const names = (text: string) => parseRecipes(text, 'r.yaml').map(({ name }) => name);

function mistakesOf(text: string): string[] {
  try {
    parseRecipes(text, 'r.yaml');
  } catch (error) {
    if (!isStrataError(error) || error.code !== 'RECIPE_INVALID') throw error;
    return error.message.split('\n').map((line) => line.trim());
  }
  throw new Error('no mistake found');
}

describe('the recipes that come with Strata', () => {
  it.each(readdirSync(recipesDir))('recipes/%s can be read, and its runs are named after it', (file) => {
    const recipes = parseRecipes(readFileSync(join(recipesDir, file), 'utf8'), file);
    for (const { name } of recipes) expect(name.startsWith(file.replace('.yaml', ''))).toBe(true);
  });

  it("are the paper's grid: three sparsifiers by three seeds, with one capture for each data set", () => {
    const grid = (file: string) => parseRecipes(readFileSync(join(recipesDir, file), 'utf8'), file);
    const embedded = grid('paper.yaml');
    expect(embedded.map(({ name }) => name)).toEqual(
      [0, 1, 2].flatMap((seed) => ['relu-topk', 'abs-topk', 'jumprelu'].map((kind) => `paper-${kind}-s${seed}`)),
    );
    const keysOf = (value: object): string[] =>
      Object.entries(value).flatMap(([key, field]) =>
        typeof field === 'object' && !Array.isArray(field) ? keysOf(field).map((name) => `${key}.${name}`) : [key],
      );
    for (const file of ['paper-vit-b32.yaml', 'paper-vit-b16.yaml']) {
      const twin = grid(file);
      expect(twin).toHaveLength(27);
      expect(keysOf(twin[0])).toEqual(keysOf(embedded[0]));
      expect(twin.map(({ dataset }) => dataset)).toEqual(
        ['cifar100', 'coco', 'imagenet100'].flatMap((dataset) => Array(9).fill(dataset)),
      );
      for (const recipe of twin) expect(recipe.capture.seed).toBe(0);
    }
  });
});

describe('a recipe with lists', () => {
  it('stands for every combination, named by what varies', () => {
    expect(names('name: a\nseed: [0, 1]\ntrain:\n  sparsifier: [{kind: abs-topk}, {kind: jumprelu}]')).toEqual([
      'a-abs-topk-s0',
      'a-jumprelu-s0',
      'a-abs-topk-s1',
      'a-jumprelu-s1',
    ]);
    expect(
      names('name: a\ntrain: {sparsifier: {kind: [relu-topk, abs-topk], k: [16, 32]}, expansion: [4, 8]}'),
    ).toEqual(
      ['relu-topk', 'abs-topk'].flatMap((kind) =>
        [16, 32].flatMap((k) => [4, 8].map((expansion) => `a-${kind}-k${k}-expansion${expansion}`)),
      ),
    );
    // A parameter that one kind varies is not told of the others.
    const sparsifier = '[{kind: relu-topk, k: [16, 32]}, {kind: jumprelu}]';
    expect(names(`name: a\ntrain: {sparsifier: ${sparsifier}}`)).toEqual([
      'a-relu-topk-k16',
      'a-relu-topk-k32',
      'a-jumprelu',
    ]);
    expect(names('name: a\ncapture: {patchesPerImage: [8, all]}\ndataset: [x, y]')).toEqual([
      'a-x-patches8',
      'a-y-patches8',
      'a-x-patches-all',
      'a-y-patches-all',
    ]);
    expect(names('name: a\ncapture: {maxImages: [8, 9]}\nevaluate: {maxImages: [5, 6]}')).toEqual([
      'a-capture-max-images8-evaluate-max-images5',
      'a-capture-max-images8-evaluate-max-images6',
      'a-capture-max-images9-evaluate-max-images5',
      'a-capture-max-images9-evaluate-max-images6',
    ]);
    expect(names('name: a\ntrain: [{features: 96}, {expansion: 4}]')).toEqual(['a-features96', 'a']);
  });

  it('that leave one combination is an ordinary recipe', () => {
    const text = 'name: a\nseed: [3]\ntrain: {steps: [5]}';
    expect(parseRecipes(text, 'r.yaml')).toEqual([parseRecipe('name: a\nseed: 3\ntrain: {steps: 5}', 'r.yaml')]);
  });

  it('keeps lists that a recipe expects', () => {
    const lists = { evaluate: { promptTemplates: ['a {}', 'the {}'] }, index: { vocabulary: ['red', 'blue'] } };
    const recipes = parseRecipes(stringify({ name: 'a', seed: [0, 1], ...lists }), 'r.yaml');
    expect(recipes).toHaveLength(2);
    for (const recipe of recipes) expect(recipe).toMatchObject(lists);
  });

  it('puts runs that share their shards next to each other', () => {
    const text = 'name: a\ntrain: {steps: [1, 2]}\ncapture: {seed: 0, patchesPerImage: [4, 8]}\nseed: [0, 1]';
    const recipes = parseRecipes(text, 'r.yaml');
    expect(recipes.map(({ capture }) => capture.patchesPerImage)).toEqual([4, 4, 4, 4, 8, 8, 8, 8]);
  });

  it.each([
    ['seed: [0, -1]', 'r.yaml:2:11 seed: is -1 (expected at least 0)'],
    ['seed: []', 'r.yaml:2:7 seed: is a list (expected a number)'],
    ['seed: [[0], [1]]', 'r.yaml:2:7 seed: is a list (expected a number)'],
    ['seed: [0, 1, 0]', 'r.yaml:2:14 seed: entry 3 gives the same run as another one (expected each once)'],
    ['sed: [0, 1]', 'r.yaml:2:1 sed: unknown key (did you mean seed?)'],
    [
      'train:\n  sparsifier:\n    - kind: relu-topk\n      k: [4, 0]\n    - kind: abs-topk\n  steps: 0.5',
      [
        'r.yaml has 2 mistakes:',
        'r.yaml:5:14 train.sparsifier.k: is 0 (expected at least 1)',
        'r.yaml:7:10 train.steps: is 0.5 (expected a whole number)',
      ],
    ],
    [
      'train: {sparsifier: [{kind: topk}, {kind: jumprelu, k: 3}]}',
      [
        'r.yaml has 2 mistakes:',
        "r.yaml:2:29 train.sparsifier.kind: is 'topk' (expected one of relu-topk, abs-topk, jumprelu, relu)",
        'r.yaml:2:53 train.sparsifier.k: unknown key (expected one of bandwidth, c, lambda, initialThreshold, kind)',
      ],
    ],
    [
      `seed: [${Array.from({ length: 300 }, (_, at) => at)}]\ntrain: {steps: [${Array.from({ length: 99 }, (_, at) => at)}]}`,
      'r.yaml:1:1 the lists of this recipe stand for too many runs (expected at most 256); split it',
    ],
  ])('says of %j what is wrong', (text, mistakes) => {
    expect(mistakesOf(`name: a\n${text}`)).toEqual([mistakes].flat());
  });

  it('cannot list names, and cannot be a list itself', () => {
    expect(mistakesOf('name: [a, b]')).toEqual(['r.yaml:1:7 name: is a list (expected text)']);
    expect(mistakesOf('[{name: a}]')[0]).toContain('the recipe is a list');
    expect(() => parseRecipe('name: a\nseed: [0, 1]', 'r.yaml')).toThrow('r.yaml:2:7 seed: is a list');
  });

  it('gives as many runs as there are combinations, all different, with names that can be names', () => {
    const distinct = <T>(value: fc.Arbitrary<T>) => fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
    const grid = fc.record({
      seed: distinct(fc.nat(9)),
      model: distinct(fc.constantFrom('m', 'm-2', 'n')),
      capture: fc.record({ patchesPerImage: distinct(fc.constantFrom(0, 8, 'all')), seed: fc.constant(0) }),
      train: fc.record({
        sparsifier: fc.record({
          kind: distinct(fc.constantFrom('relu-topk', 'abs-topk')),
          k: distinct(fc.integer({ min: 1, max: 9 })),
        }),
        learningRate: distinct(fc.constantFrom('auto', 1e-3, 1e-7)),
      }),
    });
    fc.assert(
      fc.property(grid, ({ train, capture, ...rest }) => {
        const lists = [
          rest.seed,
          rest.model,
          capture.patchesPerImage,
          train.learningRate,
          ...Object.values(train.sparsifier),
        ];
        const size = lists.reduce((product, list) => product * list.length, 1);
        fc.pre(size <= 256);
        const recipes = parseRecipes(stringify({ name: 'a', ...rest, capture, train }), 'r.yaml');
        expect(recipes).toHaveLength(size);
        expect(new Set(recipes.map(({ name }) => name)).size).toBe(size);
        expect(new Set(recipes.map(({ name: _, ...recipe }) => canonicalJson(recipe))).size).toBe(size);
        for (const { name } of recipes) expect(slug.safeParse(name).success).toBe(true);
      }),
      { numRuns: 40 },
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
