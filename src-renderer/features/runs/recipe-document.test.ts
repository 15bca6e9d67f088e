import { expect, test } from 'vitest';
import { recipeSchema } from '../../../src-main/contract/recipe.ts';
import { checkRecipe } from '../../../src-main/contract/recipe-check.ts';
import { recipeFields } from '../../../src-main/contract/recipe-fields.ts';
import { type FieldInput, readRecipe, typedValue, valueIn, withField } from './recipe-document.ts';

const fields = recipeFields();
const field = (name: string) => {
  const found = fields.find(({ path }) => path.join('.') === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};
const set = (yaml: string, name: string, value: FieldInput | undefined) => withField(yaml, field(name), value, fields);

test('a field is set, changed and taken out again, beside its comment', () => {
  const yaml = 'name: a # mine\ntrain:\n  steps: 600 # optimiser\n';
  expect(set(yaml, 'train.steps', 20)).toBe('name: a # mine\ntrain:\n  steps: 20 # optimiser\n');
  expect(set(yaml, 'capture.mode', 'stream')).toBe(`${yaml}capture:\n  mode: stream\n`);
  expect(set(yaml, 'train.steps', undefined)).toBe('name: a # mine\n');
  expect(set('', 'name', 'b')).toBe('name: b\n');
  expect(set('train:\nname: a\n', 'train.steps', 5)).toContain('  steps: 5');
});

test('numbers keep their value however they were written before', () => {
  const yaml = 'name: a\ntrain:\n  learningRate: 2.50e-4\n';
  const changed = set(yaml, 'train.learningRate', 3e-6);
  expect(checkRecipe(changed).recipes[0].train.learningRate).toBe(3e-6);
  expect(checkRecipe(set(yaml, 'train.learningRate', 'auto')).recipes[0].train.learningRate).toBe('auto');
});

test('another sparsifier takes out the parameters of the one before', () => {
  const yaml = 'name: a\ntrain:\n  sparsifier: {kind: relu-topk, k: 16}\n';
  const jump = set(yaml, 'train.sparsifier.kind', 'jumprelu');
  expect(checkRecipe(jump)).toMatchObject({ problems: [], recipes: [{ train: { sparsifier: { kind: 'jumprelu' } } }] });
  expect(jump).not.toContain('16');
  // Both top-k kinds have a k.
  expect(set(yaml, 'train.sparsifier.kind', 'abs-topk')).toContain('k: 16');
});

test('every field, set to its default, changes nothing about the recipe', () => {
  let yaml = 'name: a\n';
  for (const one of fields) {
    if (one.default === null || (one.when && one.when.value !== 'relu-topk')) continue;
    yaml = withField(yaml, one, one.default, fields);
    const value = valueIn(readRecipe(yaml) ?? expect.fail(), one.path);
    expect(value).toEqual(
      Array.isArray(one.default) ? { kind: 'list', items: one.default } : { kind: 'one', text: String(one.default) },
    );
  }
  expect(checkRecipe(yaml).recipes).toEqual([recipeSchema.parse({ name: 'a' })]);
});

test('what is listed, or lies below a list, is left to the text', () => {
  const yaml = 'name: a\nseed: [0, 1]\ntrain:\n  sparsifier:\n    - {kind: relu}\n    - {kind: jumprelu}\n';
  const document = readRecipe(yaml) ?? expect.fail();
  expect(valueIn(document, ['seed'])).toEqual({ kind: 'list', items: ['0', '1'] });
  expect(valueIn(document, ['train', 'sparsifier', 'kind']).kind).toBe('other');
  expect(valueIn(document, ['train', 'steps'])).toEqual({ kind: 'unset' });
  expect(set(yaml, 'train.sparsifier.k', undefined)).toContain('{ kind: relu }');
  expect(readRecipe('- a')).toBeUndefined();
  expect(readRecipe('a: [')).toBeUndefined();
  expect(set('a: [', 'name', 'b')).toBe('a: [');
});

test('what is typed becomes a number where one is wanted', () => {
  expect(typedValue(field('train.steps'), ' 20 ')).toBe(20);
  expect(typedValue(field('train.learningRate'), '3e-4')).toBe(3e-4);
  expect(typedValue(field('train.learningRate'), 'auto')).toBe('auto');
  expect(typedValue(field('train.steps'), 'many')).toBe('many');
  expect(typedValue(field('name'), '12')).toBe('12');
  expect(typedValue(field('seed'), '')).toBeUndefined();
});
