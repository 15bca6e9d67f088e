import { z } from 'zod';

/** The keys that `schema` allows in the object found at `path` of `value`; [] where it expects no object. */
export function knownKeys(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const inner = schemaAt(schema, value, path);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Whether `schema` knows a field at `path` of `value` that expects something else than a list. */
export function expectsNoList(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): boolean {
  const inner = schemaAt(schema, value, path);
  if (inner === undefined || inner instanceof z.ZodArray) return false;
  return !(inner instanceof z.ZodUnion && inner.options.some((option) => option instanceof z.ZodArray));
}

/** The schema of what is found at `path` of `value`, without defaults and options; undefined for unknown keys. */
function schemaAt(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const inner = bare(schema, value);
  if (path.length === 0) return inner;
  const [key, ...rest] = path;
  const fields = fieldsOf(inner);
  const field = Object.hasOwn(fields, key) ? fields[String(key)] : undefined;
  const fieldValue = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return field && schemaAt(field, fieldValue, rest);
}

function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType | undefined>> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return {};
  // As long as it is not known which member is meant, only the key that says so can be looked up.
  const [first] = schema.options;
  const { discriminator } = schema.def;
  return first instanceof z.ZodObject ? { [discriminator]: first.shape[discriminator] } : {};
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
