import { z } from 'zod';
import { recipeSchema } from './recipe.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One field of a recipe as a form shows it; made from the recipe's schema, so that a form never lags behind it. */
export const recipeFieldSchema = z.object({
  /** Keys from the outside in: train, steps. */
  path: z.array(z.string()),
  description: z.string(),
  /** `numberOrWord` takes one of `words` beside numbers; `wordOrList` a word or a list of sentences. */
  input: z.enum(['text', 'integer', 'number', 'boolean', 'choice', 'numberOrWord', 'list', 'wordOrList']),
  /** What is taken where the field is left out; null where that means "none". */
  default: z.union([scalar, z.array(z.string())]).nullable(),
  required: z.boolean(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** The words that may be chosen, each with its meaning where it has one. */
  words: z.array(z.object({ word: z.string(), meaning: z.string() })),
  /** Only there when the field at `path` has this value. */
  when: z.object({ path: z.array(z.string()), value: z.string() }).optional(),
});

export type RecipeField = z.infer<typeof recipeFieldSchema>;

type Json = z.core.JSONSchema.BaseSchema;

/** Every field that a person may set, in the order of the schema. */
export function recipeFields(): RecipeField[] {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' });
  return fieldsOf(schema, []).filter(({ path }) => path[0] !== 'imported');
}

function fieldsOf(schema: Json, path: string[]): RecipeField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const inner = value as Json;
    const at = [...path, key];
    if (inner.type === 'object') return fieldsOf(inner, at);
    if (inner.oneOf) return variantFields(inner, at);
    return [fieldOf(inner, at, schema.required?.includes(key) === true && inner.default === undefined)];
  });
}

/** Of a mapping whose kind decides on its other keys: the kind, then the fields of every kind. */
function variantFields(schema: Json, path: string[]): RecipeField[] {
  const members = schema.oneOf as Json[];
  const kindPath = [...path, 'kind'];
  const kindOf = (member: Json) => member.properties?.kind as Json;
  const words = members.map((member) => ({
    word: String(kindOf(member).const),
    meaning: kindOf(member).description ?? '',
  }));
  const initial = z.object({ kind: z.string() }).parse(schema.default).kind;
  const kind: RecipeField = {
    path: kindPath,
    description: schema.description ?? '',
    input: 'choice',
    default: initial,
    required: false,
    words,
  };
  return [
    kind,
    ...members.flatMap((member) =>
      fieldsOf(member, path)
        .filter((field) => field.path.at(-1) !== 'kind')
        .map((field) => ({ ...field, when: { path: kindPath, value: String(kindOf(member).const) } })),
    ),
  ];
}

function fieldOf(schema: Json, path: string[], required: boolean): RecipeField {
  const options = (schema.anyOf as Json[] | undefined) ?? [schema];
  const numeric = options.find(({ type }) => type === 'integer' || type === 'number');
  const listed = options.find(({ type }) => type === 'array');
  const words = options.flatMap((option) => [
    ...(option.enum ?? []),
    ...(option.const === undefined ? [] : [option.const]),
  ]);
  return {
    path,
    description: schema.description ?? '',
    input: schema.type === 'boolean' ? 'boolean' : inputOf(numeric, listed !== undefined, words.length > 0),
    default: recipeFieldSchema.shape.default.parse(schema.default ?? null),
    required,
    minimum: numeric?.minimum ?? bound(numeric?.exclusiveMinimum),
    maximum: numeric?.maximum === Number.MAX_SAFE_INTEGER ? undefined : numeric?.maximum,
    words: words.map((word) => ({ word: String(word), meaning: '' })),
  };
}

function inputOf(numeric: Json | undefined, list: boolean, words: boolean): RecipeField['input'] {
  if (list) return words ? 'wordOrList' : 'list';
  if (numeric) return words ? 'numberOrWord' : numeric.type === 'integer' ? 'integer' : 'number';
  return words ? 'choice' : 'text';
}

function bound(value: Json['exclusiveMinimum']): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
