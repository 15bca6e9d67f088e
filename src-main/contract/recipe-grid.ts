import { canonicalJson } from '../core/canonical-json.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { expectsNoList } from './schema-keys.ts';

/** One combination of the values that a recipe lists. */
export interface GridPoint {
  /** The recipe as it was written, with one value in place of each list. */
  value: unknown;
  /** Which entry of which list was taken, in the order in which the lists were met. */
  choices: readonly GridChoice[];
}

export interface GridChoice {
  path: readonly string[];
  index: number;
}

/**
 * Every combination of the values that a recipe lists, one by one: a list is an axis of the grid wherever the recipe's
 * schema expects none. The list that is written first changes slowest.
 */
export function* gridPoints(value: unknown, choices: readonly GridChoice[] = []): Generator<GridPoint> {
  const path = firstAxis(value, value, []);
  if (path === undefined) {
    yield { value, choices };
    return;
  }
  for (const [index, item] of listAt(value, path).entries()) {
    yield* gridPoints(withValue(value, path, item), [...choices, { path, index }]);
  }
}

function firstAxis(root: unknown, value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (Array.isArray(value)) {
    // A name cannot be listed: runs get theirs from what varies. A list inside a list is a mistake to be shown.
    const isAxis = value.length > 0 && path.length > 0 && path.join() !== 'name' && !value.some(Array.isArray);
    return isAxis && expectsNoList(recipeSchema, root, path) ? path : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, field] of Object.entries(value)) {
    const found = firstAxis(root, field, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const found = path.reduce<unknown>((current, key) => Reflect.get(current as object, key), value);
  return found as readonly unknown[];
}

function withValue(value: unknown, path: readonly string[], item: unknown): unknown {
  if (path.length === 0) return item;
  const [key, ...rest] = path;
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [key]: withValue(object[key], rest, item) };
}

/** A value of a recipe, at its place. */
interface Leaf {
  /** The mapping that holds it: its keys from the top. */
  section: string;
  /** The same with the mapping's kind, where it has one: parameters of one kind are not compared with another's. */
  object: string;
  key: string;
  value: unknown;
}

/** Values that say what they are; others are written with their key. */
const speakingKeys: readonly string[] = ['model', 'dataset', 'provider', 'kind', 'mode'];
const shortKeys: Readonly<Record<string, string>> = { seed: 's', patchesPerImage: 'patches' };

/** The recipes of a grid under names of their own: the common name, then the values in which they differ. */
export function namedApart(recipes: readonly Recipe[]): Recipe[] {
  const leaves = recipes.map((recipe) => [...leavesOf(recipe, '')]);
  const places = varyingPlaces(leaves);
  const taken = new Set<string>();
  return recipes.map((recipe, at) => {
    const parts = places.flatMap(({ object, key }) => {
      const leaf = leaves[at].find((other) => other.object === object && other.key === key);
      const clash = places.some((other) => other.key === key && other.section !== leaf?.section);
      return leaf ? [namePart(leaf, clash)] : [];
    });
    const name = [recipe.name, ...parts].join('-');
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}-${n}`;
    taken.add(unique);
    return { ...recipe, name: unique };
  });
}

function* leavesOf(value: object, section: string): Generator<Leaf> {
  const kind = Reflect.get(value, 'kind');
  const object = kind === undefined ? section : `${section}[${kind}]`;
  if (kind !== undefined) yield { section, object: section, key: 'kind', value: kind };
  for (const [key, field] of Object.entries(value)) {
    if (key === 'kind' || field === undefined) continue;
    if (typeof field === 'object' && !Array.isArray(field)) yield* leavesOf(field, section ? `${section}-${key}` : key);
    else yield { section, object, key, value: field };
  }
}

/** Places whose value is not the same in all recipes that have the mapping around it; the seed comes last. */
function varyingPlaces(recipes: readonly Leaf[][]): Leaf[] {
  const all = recipes.flat();
  const varying = [...new Map(all.map((leaf) => [`${leaf.object} ${leaf.key}`, leaf])).values()].filter(
    ({ object, key }) => {
      const having = recipes.filter((leaves) => leaves.some((leaf) => leaf.object === object));
      const values = having.map((leaves) => leaves.find((leaf) => leaf.object === object && leaf.key === key)?.value);
      return new Set(values.map((value) => (value === undefined ? '' : canonicalJson(value)))).size > 1;
    },
  );
  const order = [...new Set(all.map(({ section, key }) => `${section} ${key}`))];
  const rank = ({ section, key }: Leaf) =>
    section === '' && key === 'seed' ? order.length : order.indexOf(`${section} ${key}`);
  return varying.sort((a, b) => rank(a) - rank(b));
}

function namePart({ section, key, value }: Leaf, clash: boolean): string {
  const text = Array.isArray(value) ? 'list' : String(value);
  if (speakingKeys.includes(key)) return slugOf(text);
  const short = shortKeys[key] ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const named = clash && section !== '' ? `${section}-${short}` : short;
  return slugOf(typeof value === 'number' ? named + text : `${named}-${text}`);
}

function slugOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-');
}

/** Recipes that capture the same activations next to each other, otherwise in the order given. */
export function groupedByCapture(recipes: readonly Recipe[]): Recipe[] {
  const groups = new Map<string, Recipe[]>();
  for (const recipe of recipes) {
    const { model, dataset, capture, seed } = recipe;
    const key = canonicalJson({ model, dataset, capture: { seed, ...capture } });
    groups.set(key, [...(groups.get(key) ?? []), recipe]);
  }
  return [...groups.values()].flat();
}
