import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type ErrorCode, StrataError } from '../contract/errors.ts';

/**
 * Reads a JSON file and checks it against a schema. A missing or unreadable file, bad JSON and every mismatch are one
 * error of the given code that names the file and the first offending key, and counts the rest.
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, code: ErrorCode): Promise<T> {
  const result = schema.safeParse(await readJson(path, code));
  if (result.success) return result.data;
  const { issues } = result.error;
  const [{ path: key, message }] = issues;
  throw new StrataError(code, `${path}: ${key.join('.') || 'the file'}: ${message}${othersNote(issues.length - 1)}`);
}

/** " (and 3 more problems)", or nothing when there are none. */
export function othersNote(count: number): string {
  if (count <= 0) return '';
  return ` (and ${count} more problem${count === 1 ? '' : 's'})`;
}

async function readJson(path: string, code: ErrorCode): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = missing
      ? 'there is no such file'
      : `cannot be read (${error instanceof Error ? error.message : error})`;
    throw new StrataError(code, `${path}: ${reason}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StrataError(code, `${path}: not JSON (${error instanceof Error ? error.message : error})`, {
      cause: error,
    });
  }
}
