import { z } from 'zod';

/** The keys that `schema` allows in the object found at `path` of `value`; [] where it expects no object. */
export function knownKeys(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const inner = bare(schema, value);
  if (!(inner instanceof z.ZodObject)) return [];
  if (path.length === 0) return Object.keys(inner.shape);
  const [key, ...rest] = path;
  const field = inner.shape[String(key)];
  const fieldValue = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return field === undefined ? [] : knownKeys(field, fieldValue, rest);
}

/** The schema inside defaults, options and transforms; of a discriminated union, the member that the value names. */
function bare(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return bare(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodPipe) return bare(schema.in, value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const named = typeof value === 'object' && value !== null ? Reflect.get(value, discriminator) : undefined;
    const member = schema.options.find(
      (option) => option instanceof z.ZodObject && option.shape[discriminator]?.safeParse(named).success,
    );
    return member ?? schema;
  }
  return schema;
}
