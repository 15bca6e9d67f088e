import { expect, it } from 'vitest';
import { recipeSchema } from './recipe.ts';
import { recipeFields } from './recipe-fields.ts';

/** A recipe in which every field is set to its default. */
function filledIn(kind: string): Record<string, unknown> {
  const recipe: Record<string, unknown> = { name: 'test' };
  for (const { path, default: value, when } of recipeFields()) {
    if (value === null || (when && when.value !== kind)) continue;
    let at = recipe;
    for (const key of path.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[String(path.at(-1))] = path.at(-1) === 'kind' ? kind : value;
  }
  return recipe;
}

it('every field has a meaning and, but for the name, a default that the schema itself fills in', () => {
  const fields = recipeFields();
  for (const { path, description } of fields) expect(description, path.join('.')).not.toBe('');
  expect(fields.filter(({ required }) => required).map(({ path }) => path.join('.'))).toEqual(['name']);
  const kinds = fields.find(({ path }) => path.at(-1) === 'kind')?.words ?? [];
  expect(kinds.length).toBeGreaterThan(2);
  for (const { word } of kinds) {
    const left = recipeSchema.parse({ name: 'test', train: { sparsifier: { kind: word } } });
    expect(recipeSchema.parse(filledIn(word))).toEqual(left);
  }
});

it('knows how each kind of field is filled in', () => {
  const field = (name: string) => recipeFields().find(({ path }) => path.join('.') === name);
  expect(field('name')).toMatchObject({ input: 'text', required: true, default: null });
  expect(field('train.steps')).toMatchObject({ input: 'integer', default: 600, minimum: 1 });
  expect(field('train.decayShare')).toMatchObject({ input: 'number', default: 0.2, minimum: 0, maximum: 1 });
  expect(field('train.learningRate')).toMatchObject({
    input: 'numberOrWord',
    default: 'auto',
    words: [{ word: 'auto' }],
  });
  expect(field('provider')).toMatchObject({ input: 'choice', default: 'cpu' });
  expect(field('capture.maxImages')).toMatchObject({ input: 'integer', default: null });
  expect(field('index.vocabulary')).toMatchObject({ input: 'list', default: [] });
  expect(field('evaluate.promptTemplates')).toMatchObject({ input: 'wordOrList', default: 'cifar100' });
  expect(field('train.sparsifier.lambda')?.when).toEqual({ path: ['train', 'sparsifier', 'kind'], value: 'jumprelu' });
  expect(field('imported.sha256')).toBeUndefined();
});
