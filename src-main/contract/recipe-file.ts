import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearestWord } from '../core/nearest-word.ts';
import { StrataError } from './errors.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { knownKeys } from './schema-keys.ts';

/**
 * Reads a recipe from its YAML text, filling in defaults. `fileName` is only used to point at mistakes.
 * Throws RECIPE_INVALID listing every mistake as `file:line:column key: what is wrong (expected ...)`.
 */
export function parseRecipe(yamlText: string, fileName: string): Recipe {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  if (document.errors.length > 0) {
    refuse(
      fileName,
      document.errors.map((error) => ({ offset: error.pos[0], text: `not YAML: ${error.message}` })),
      at,
    );
  }
  const value = toValue(() => document.toJS({ maxAliasCount: 100 }), fileName);
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;

  const root = document.contents;
  const mistakes = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        offset: offsetOf(root, [...issue.path, key], 'key'),
        text: `${[...issue.path, key].join('.')}: unknown key${keyHint(issue.path, key, value)}`,
      }));
    }
    const found = valueAt(value, issue.path);
    const key = issue.path.length > 0 ? `${issue.path.join('.')}: ` : 'the recipe ';
    const state = found === undefined ? 'is missing' : `is ${shown(found)}`;
    return [{ offset: offsetOf(root, issue.path, 'value'), text: `${key}${state} (expected ${expectation(issue)})` }];
  });
  return refuse(fileName, mistakes, at);
}

interface Mistake {
  offset: number;
  text: string;
}

function refuse(fileName: string, mistakes: Mistake[], at: (offset: number) => string): never {
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

/** Where the path's key or value begins; the nearest enclosing node when it is missing. */
function offsetOf(root: Node | null, path: readonly PropertyKey[], want: 'key' | 'value'): number {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    if (pair === undefined) return offset;
    const pairKey = pair.key as Node;
    node = pair.value as Node | null;
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
