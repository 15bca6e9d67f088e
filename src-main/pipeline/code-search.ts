import { InvertedLists, type SearchOptions } from '../core/inverted-lists.ts';
import type { Neighbour } from '../core/nearest.ts';
import type { SparseCode, SparseCodes } from '../core/sparse-codes.ts';
import { SketchedCodes } from './sketched-codes.ts';

/** Exact search in the codes of one layer and token group. */
export interface CodeSearch {
  search(query: SparseCode, options: SearchOptions): Neighbour[] | Promise<Neighbour[]>;
  release(): Promise<void>;
}

/** How often codes will be searched: sketches take about 50 microseconds a row to make, then save most of a search. */
export type ExpectedQueries = 'few' | 'many';

/** From so many rows, and so many entries of a query's lists for each row, sketches pay. */
const sketchFrom = { rows: 1024, entriesPerRow: 16 };

/**
 * Opens codes for search. Inverted lists serve sparse codes best, as CLS mostly has them; pooled patches have hundreds
 * of active features, so that a query's lists hold most of the index, and are searched by sketches where many queries
 * will come.
 */
export async function openCodeSearch(codes: SparseCodes, expected: ExpectedQueries): Promise<CodeSearch> {
  const rows = codes.indptr.length - 1;
  if (expected === 'many' && rows >= sketchFrom.rows && listedEntries(codes) > sketchFrom.entriesPerRow * rows) {
    return SketchedCodes.build(codes);
  }
  const lists = new InvertedLists(codes);
  return { search: (query, options) => lists.search(query, options), release: async () => undefined };
}

/** Entries in the lists of a query that is like the rows, on average. */
function listedEntries({ features, indptr, indices }: SparseCodes): number {
  const lengths = new Float64Array(features);
  for (const feature of indices) lengths[feature] += 1;
  return lengths.reduce((sum, length) => sum + length ** 2, 0) / Math.max(1, indptr.length - 1);
}
