import { stringify } from 'csv-stringify/sync';
import type { Cell } from '../figure.ts';

/** Records as CSV (RFC 4180, UTF-8) with a heading; a record's missing fields are empty. */
export function csvFile(rows: readonly Readonly<Record<string, Cell>>[], columns: readonly string[]): string {
  return stringify([...rows], { header: true, columns: [...columns] });
}
