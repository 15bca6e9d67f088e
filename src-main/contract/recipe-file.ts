import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { nearestWord } from '../core/nearest-word.ts';
import { StrataError } from './errors.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { type GridChoice, type GridPoint, gridPoints, groupedByCapture, namedApart } from './recipe-grid.ts';
import { knownKeys } from './schema-keys.ts';

/** So many runs at most may come from one recipe file. */
const maxRuns = 256;

/**
 * Reads a recipe from its YAML text, filling in defaults. `fileName` is only used to point at mistakes.
 * Throws RECIPE_INVALID listing every mistake as `file:line:column key: what is wrong (expected ...)`.
 */
export function parseRecipe(yamlText: string, fileName: string): Recipe {
  const source = readYaml(yamlText, fileName);
  return checked(source, [{ value: source.value, choices: [] }])[0];
}

/**
 * The same for a recipe that may list values, and then stands for a run of each combination: the recipes in the order
 * in which to carry them out, each under a name of its own.
 */
export function parseRecipes(yamlText: string, fileName: string): Recipe[] {
  const source = readYaml(yamlText, fileName);
  const points: GridPoint[] = [];
  for (const point of gridPoints(source.value)) {
    if (points.length === maxRuns) {
      const text = `the lists of this recipe stand for too many runs (expected at most ${maxRuns}); split it`;
      return refuse(source, [{ offset: offsetOf(source.root, [], 'value'), text }]);
    }
    points.push(point);
  }
  const recipes = checked(source, points);
  const first = new Map<string, number>();
  for (const [at, recipe] of recipes.entries()) {
    const same = first.get(canonicalJson(recipe));
    if (same !== undefined) return refuse(source, [repeated(source, points[same], points[at])]);
    first.set(canonicalJson(recipe), at);
  }
  return recipes.length === 1 ? recipes : groupedByCapture(namedApart(recipes));
}

interface RecipeSource {
  fileName: string;
  root: Node | null;
  value: unknown;
  /** Line and column of an offset in the text. */
  at(offset: number): string;
}

function readYaml(yamlText: string, fileName: string): RecipeSource {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  if (document.errors.length > 0) {
    refuse(
      { fileName, at },
      document.errors.map((error) => ({ offset: error.pos[0], text: `not YAML: ${error.message}` })),
    );
  }
  const value = toValue(() => document.toJS({ maxAliasCount: 100 }), fileName);
  return { fileName, root: document.contents, value, at };
}

/** The recipes of the points. Throws with the mistakes of all of them, each named once. */
function checked(source: RecipeSource, points: readonly GridPoint[]): Recipe[] {
  const mistakes = new Map<string, Mistake>();
  const recipes = points.flatMap((point) => {
    const parsed = recipeSchema.safeParse(point.value);
    if (parsed.success) return [parsed.data];
    for (const mistake of mistakesOf(source.root, point, parsed.error)) {
      mistakes.set(`${mistake.offset} ${mistake.text}`, mistake);
    }
    return [];
  });
  return mistakes.size > 0 ? refuse(source, [...mistakes.values()]) : recipes;
}

function mistakesOf(root: Node | null, { value, choices }: GridPoint, error: z.ZodError): Mistake[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        offset: offsetOf(root, [...issue.path, key], 'key', choices),
        text: `${[...issue.path, key].join('.')}: unknown key${keyHint(issue.path, key, value)}`,
      }));
    }
    const found = valueAt(value, issue.path);
    const key = issue.path.length > 0 ? `${issue.path.join('.')}: ` : 'the recipe ';
    const state = found === undefined ? 'is missing' : `is ${shown(found)}`;
    const offset = offsetOf(root, issue.path, 'value', choices);
    return [{ offset, text: `${key}${state} (expected ${expectation(issue)})` }];
  });
}

/** The mistake of listing something twice, at the entry that repeats another. */
function repeated({ root }: RecipeSource, first: GridPoint, again: GridPoint): Mistake {
  const at = again.choices.findIndex(({ index }, position) => index !== first.choices[position]?.index);
  const { path, index } = again.choices[at];
  const text = `${path.join('.')}: entry ${index + 1} gives the same run as another one (expected each once)`;
  return { offset: offsetOf(root, path, 'value', again.choices.slice(0, at + 1)), text };
}

interface Mistake {
  offset: number;
  text: string;
}

function refuse({ fileName, at }: Pick<RecipeSource, 'fileName' | 'at'>, mistakes: Mistake[]): never {
  const listed = mistakes.sort((a, b) => a.offset - b.offset).map(({ offset, text }) => `${at(offset)} ${text}`);
  const message =
    listed.length === 1 ? listed[0] : [`${fileName} has ${listed.length} mistakes:`, ...listed].join('\n  ');
  throw new StrataError('RECIPE_INVALID', message);
}

function toValue(read: () => unknown, fileName: string): unknown {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrataError('RECIPE_INVALID', `${fileName}: not usable YAML: ${reason}`, { cause });
  }
}

/**
 * Where the path's key or value begins; the nearest enclosing node when it is missing. Where values are listed, the
 * entries that were chosen.
 */
function offsetOf(
  root: Node | null,
  path: readonly PropertyKey[],
  want: 'key' | 'value',
  choices: readonly GridChoice[] = [],
): number {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    if (pair === undefined) return offset;
    const pairKey = pair.key as Node;
    node = pair.value as Node | null;
    const place = path.slice(0, depth + 1).join('.');
    const choice = choices.find((other) => other.path.join('.') === place);
    if (choice && isSeq(node)) node = node.items[choice.index] as Node | null;
    const isLast = depth === path.length - 1;
    offset = (isLast && want === 'key' ? undefined : node?.range?.[0]) ?? pairKey.range?.[0] ?? offset;
  }
  return offset;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) => (typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined),
    value,
  );
}

function keyHint(path: readonly PropertyKey[], key: string, value: unknown): string {
  const siblings = knownKeys(recipeSchema, value, path);
  const near = nearestWord(key, siblings) ?? keyElsewhere(key, value);
  return near === undefined ? ` (expected one of ${siblings.join(', ')})` : ` (did you mean ${near}?)`;
}

function keyElsewhere(key: string, value: unknown): string | undefined {
  const section = Object.keys(recipeSchema.shape).find((name) => knownKeys(recipeSchema, value, [name]).includes(key));
  return section === undefined ? undefined : `${section}.${key}`;
}

function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  object: 'a mapping of keys to values',
};

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'too_small':
      return issue.inclusive ? `at least ${issue.minimum}` : `more than ${issue.minimum}`;
    case 'too_big':
      return issue.inclusive ? `at most ${issue.maximum}` : `less than ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return issue.discriminator === undefined ? issue.message : `one of ${knownKindList(issue)}`;
    default:
      return issue.message;
  }
}

function knownKindList(issue: z.core.$ZodIssueInvalidUnion): string {
  return 'options' in issue && issue.options ? issue.options.map(String).join(', ') : issue.message;
}
