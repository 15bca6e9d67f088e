import { type Document, isCollection, isMap, isScalar, parseDocument, type Scalar } from 'yaml';
import type { RecipeField } from '../../../src-main/contract/recipe-fields.ts';

/** What a field holds: nothing, one value, or several, where the recipe lists them to stand for several runs. */
export type FieldValue =
  | { kind: 'unset' }
  | { kind: 'one'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'other'; text: string };

/** What a field can be set to. */
export type FieldInput = string | number | boolean | string[];

/** The text as a document; undefined while it is no YAML. */
export function readRecipe(yaml: string): Document | undefined {
  const document = parseDocument(yaml);
  const usable = document.errors.length === 0 && (document.contents === null || isMap(document.contents));
  return usable ? document : undefined;
}

export function valueIn(document: Document, path: readonly string[]): FieldValue {
  const inner = above(document, path);
  if (inner !== undefined) return { kind: 'other', text: 'several values, see the text' };
  const value: unknown = document.getIn(path);
  if (value === undefined || value === null) return { kind: 'unset' };
  if (!isCollection(value)) return { kind: 'one', text: String(value) };
  const items: unknown = value.toJSON();
  if (!Array.isArray(items) || items.some((item) => typeof item === 'object')) {
    return { kind: 'other', text: 'several values, see the text' };
  }
  return { kind: 'list', items: items.map(String) };
}

/** Something on the way to a path that has no keys, such as a list of sparsifiers. */
function above(document: Document, path: readonly string[]): unknown {
  for (let depth = 1; depth < path.length; depth++) {
    const value: unknown = document.getIn(path.slice(0, depth));
    if (value === undefined || value === null) return undefined;
    if (!isMap(value)) return value;
  }
  return undefined;
}

/**
 * The text with a field set, or taken out where `value` is undefined; comments stay. A choice that decides on other fields
 * takes those out that it makes meaningless.
 */
export function withField(
  yaml: string,
  field: RecipeField,
  value: FieldInput | undefined,
  fields: readonly RecipeField[],
): string {
  const document = readRecipe(yaml);
  if (!document) return yaml;
  if (value === undefined) remove(document, field.path);
  else set(document, field.path, value);
  const chosen = value ?? field.default;
  const name = (path: readonly string[]) => path.join('.');
  const dependent = fields.filter(({ when }) => when && name(when.path) === name(field.path));
  const kept = new Set(dependent.filter(({ when }) => when?.value === chosen).map(({ path }) => name(path)));
  for (const { path } of dependent) if (!kept.has(name(path))) remove(document, path);
  return document.toString({ lineWidth: 0 });
}

function set(document: Document, path: readonly string[], value: FieldInput): void {
  const present: unknown = document.getIn(path, true);
  if (isScalar(present) && !Array.isArray(value)) {
    // The scalar keeps its comment; how it was written belongs to the old value.
    const scalar: Scalar = present;
    scalar.value = value;
    delete scalar.source;
    delete scalar.format;
    delete scalar.minFractionDigits;
    return;
  }
  for (let depth = 1; depth < path.length; depth++) {
    const parent = path.slice(0, depth);
    const found: unknown = document.getIn(parent);
    if (found === undefined || found === null) document.setIn(parent, document.createNode({}));
  }
  document.setIn(path, document.createNode(value));
}

/** With the mappings that it leaves empty. */
function remove(document: Document, path: readonly string[]): void {
  if (path.length === 0 || above(document, path) !== undefined || !document.hasIn(path)) return;
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  const rest: unknown = document.getIn(parent);
  if (parent.length > 0 && isMap(rest) && rest.items.length === 0) remove(document, parent);
}

/** What a person typed, as the value that the schema wants; a text that fits nothing stays one, to be complained about. */
export function typedValue({ input }: RecipeField, text: string): FieldInput | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (input === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
  const numeric = input === 'integer' || input === 'number' || input === 'numberOrWord';
  const value = Number(trimmed);
  return numeric && Number.isFinite(value) ? value : trimmed;
}
