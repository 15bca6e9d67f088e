import { setImmediate } from 'node:timers/promises';
import { precisionAt } from '../core/nearest.ts';
import { imageRow, type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import { type SparseCode, sparseCode } from '../core/sparse-codes.ts';
import { CodeIndex } from '../store/code-index.ts';
import { codeIndexDir } from '../store/code-index-format.ts';
import { CodeIndexWriter } from '../store/code-index-writer.ts';
import { runById } from '../store/runs.ts';
import type { CodeBatch } from './code-batches.ts';
import { type CodeSearch, openCodeSearch } from './code-search.ts';
import { RawNeighbours } from './raw-neighbours.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

/** Neighbours that a query's class is compared with: precision@3 (method, section 7). */
const neighboursPerQuery = 3;

/** Queries searched before others get their turn on the event loop. */
const queriesPerTurn = 16;

/** A row of the results document's `retrieval`. */
export interface RetrievalRow {
  layer: number;
  precisionAt3: number;
  rawPrecisionAt3: number;
  n: number;
}

/**
 * Builds the code index of a run and measures retrieval with it (method, section 7): first every query image
 * (`addQueries`), then every index image (`add`, by ascending index), each once and in whole-image batches, then
 * `finish`; `release` at the end, whatever happened. Memory: the queries' codes and raw rows, 4 bytes an index image, and
 * in `finish` one layer and group of the index. Started again after a kill, it begins anew.
 */
export class RetrievalIndexer {
  readonly #context: StageContext;
  readonly #writer: CodeIndexWriter;
  readonly #raw: Record<RetrievalGroup, RawNeighbours>;
  readonly #size: { layers: number; width: number; features: number };
  readonly #queryCodes: Record<RetrievalGroup, SparseCode[][]> = { cls: [], patches: [] };
  readonly #queryClasses: number[] = [];
  readonly #classes: Int32Array;
  #rows = 0;

  private constructor(
    context: StageContext,
    writer: CodeIndexWriter,
    raw: Record<RetrievalGroup, RawNeighbours>,
    size: { layers: number; width: number; features: number },
    images: number,
  ) {
    this.#context = context;
    this.#writer = writer;
    this.#raw = raw;
    this.#size = size;
    this.#classes = new Int32Array(images);
  }

  /** `queries` and `images`: how many of each will come. */
  static async start(context: StageContext, queries: number, images: number): Promise<RetrievalIndexer> {
    const { project, runId } = context;
    const { layers, width, features } = (await runClt(context)).shape;
    const raw = {
      cls: await RawNeighbours.start(layers, width, queries, neighboursPerQuery),
      patches: await RawNeighbours.start(layers, width, queries, neighboursPerQuery),
    };
    const { recipeHash } = await runById(project, runId);
    const writer = new CodeIndexWriter(codeIndexDir(project, runId), { layers, features, madeFrom: recipeHash });
    return new RetrievalIndexer(context, writer, raw, { layers, width, features }, images);
  }

  addQueries({ images, tokens, x, z }: CodeBatch): void {
    const { layers, width, features } = this.#size;
    images.forEach(({ classIndex }, at) => {
      for (const group of retrievalGroups) {
        this.#raw[group].addQuery(imageRow(tokensOf(x, tokens, layers * width, at), layers * width, group));
        const code = imageRow(tokensOf(z, tokens, layers * features, at), layers * features, group);
        const byLayer = Array.from({ length: layers }, (_, layer) =>
          sparseCode(code.subarray(layer * features, (layer + 1) * features)),
        );
        this.#queryCodes[group].push(byLayer);
      }
      this.#queryClasses.push(classIndex);
    });
  }

  async add({ images, tokens, x, z }: CodeBatch): Promise<void> {
    const { layers, width, features } = this.#size;
    images.forEach(({ index, classIndex }, at) => {
      const own = tokensOf(z, tokens, layers * features, at);
      const codes = {
        cls: imageRow(own, layers * features, 'cls'),
        patches: imageRow(own, layers * features, 'patches'),
      };
      this.#writer.add(index, codes);
      this.#classes[this.#rows + at] = classIndex;
    });
    for (const group of retrievalGroups) {
      const rows = new Float32Array(images.length * layers * width);
      images.forEach((_, at) => {
        const target = rows.subarray(at * layers * width, (at + 1) * layers * width);
        imageRow(tokensOf(x, tokens, layers * width, at), layers * width, group, target);
      });
      await this.#raw[group].add(rows, this.#rows);
    }
    this.#rows += images.length;
  }

  /** Completes the index and gives the results document's `retrieval`, empty without queries. AbortError when cancelled. */
  async finish(): Promise<Record<RetrievalGroup, RetrievalRow[]>> {
    this.#writer.finish();
    const index = new CodeIndex(codeIndexDir(this.#context.project, this.#context.runId));
    const rows: Record<RetrievalGroup, RetrievalRow[]> = { cls: [], patches: [] };
    if (this.#queryClasses.length === 0) return rows;
    for (const group of retrievalGroups) {
      for (let layer = 0; layer < this.#size.layers; layer++)
        rows[group].push(await this.#measure(index, layer, group));
    }
    return rows;
  }

  async release(): Promise<void> {
    this.#writer.abandon();
    await Promise.all([this.#raw.cls.release(), this.#raw.patches.release()]);
  }

  async #measure(index: CodeIndex, layer: number, group: RetrievalGroup): Promise<RetrievalRow> {
    const search = await openCodeSearch(index.codes(layer, group), 'many');
    try {
      return await this.#precision(search, layer, group);
    } finally {
      await search.release();
    }
  }

  async #precision(search: CodeSearch, layer: number, group: RetrievalGroup): Promise<RetrievalRow> {
    const n = this.#queryClasses.length;
    let [hits, rawHits] = [0, 0];
    for (let query = 0; query < n; query++) {
      if (query % queriesPerTurn === 0) await setImmediate();
      this.#context.signal.throwIfAborted();
      const sameClass = (row: number) => this.#classes[row] === this.#queryClasses[query];
      const found = await search.search(this.#queryCodes[group][query][layer], { k: neighboursPerQuery });
      hits += precisionAt(neighboursPerQuery, found, sameClass);
      rawHits += precisionAt(neighboursPerQuery, this.#raw[group].neighbours(layer, query), sameClass);
    }
    return { layer, precisionAt3: hits / n, rawPrecisionAt3: rawHits / n, n };
  }
}

/** One image's tokens [T, columns] of a batch. */
function tokensOf(values: Float32Array, tokens: number, columns: number, image: number): Float32Array {
  return values.subarray(image * tokens * columns, (image + 1) * tokens * columns);
}
