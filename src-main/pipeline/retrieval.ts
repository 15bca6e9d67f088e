import { StrataError } from '../contract/errors.ts';
import { rowNorms } from '../core/nearest-features.ts';
import { type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import type { CltFolder } from '../data/clt-folder.ts';
import { readTensor } from '../data/safetensors.ts';
import { CodeIndex } from '../store/code-index.ts';
import { codeIndexDir } from '../store/code-index-format.ts';
import { runById } from '../store/runs.ts';
import { type CodeSearch, type ExpectedQueries, openCodeSearch } from './code-search.ts';
import type { ImageCodes } from './query-encoder.ts';
import type { StageContext } from './stage.ts';
import { runClt } from './test-images.ts';

interface RetrievalOptions {
  k: number;
  /** Features weigh by the norm of what they write to this layer; sources above it have no row. */
  target?: number;
  /** Index in the data set of the image that is not to be found: the query itself. */
  exclude?: number;
}

/** An image of the run's data set, by its index there. */
export interface RetrievedImage {
  image: number;
  similarity: number;
}

/** The images nearest to a query for one source layer, best first. */
export type RetrievedRow = { layer: number } & Record<RetrievalGroup, RetrievedImage[]>;

/**
 * A run's code index, open for queries (method, section 7). Each layer and group is read when it is first asked for and
 * kept: in all about the size of the index on disk, and 16 bytes an image for each of them, or 512 for a sketch.
 */
export class Retrieval {
  readonly #index: CodeIndex;
  readonly #clt: CltFolder;
  readonly #searches = new Map<string, CodeSearch>();
  readonly #weights = new Map<string, Float32Array>();
  readonly #expected: ExpectedQueries;

  private constructor(index: CodeIndex, clt: CltFolder, expected: ExpectedQueries) {
    this.#index = index;
    this.#clt = clt;
    this.#expected = expected;
  }

  /**
   * NOT_FOUND when the run has no index yet, FILE_INVALID when it is damaged or not this run's. With `many` queries
   * expected, the first one waits while the layers are made ready, and the others are fast (code-search.ts).
   */
  static async open(
    { project, runId }: Pick<StageContext, 'project' | 'runId'>,
    expected: ExpectedQueries = 'few',
  ): Promise<Retrieval> {
    const dir = codeIndexDir(project, runId);
    const index = new CodeIndex(dir);
    const clt = await runClt({ project, runId });
    const { recipeHash } = await runById(project, runId);
    const { layers, features, madeFrom } = index.manifest;
    if (madeFrom !== recipeHash || layers !== clt.shape.layers || features !== clt.shape.features) {
      throw new StrataError('FILE_INVALID', `${dir}: not the code index of run ${runId}; delete it and run again`);
    }
    return new Retrieval(index, clt, expected);
  }

  get layers(): number {
    return this.#clt.shape.layers;
  }

  /** Codes of an image that is in the index; undefined for any other. */
  codesOf(image: number): ImageCodes | undefined {
    const row = this.#index.rowOf(image);
    if (row === undefined) return undefined;
    const codes = (group: RetrievalGroup) =>
      Array.from({ length: this.layers }, (_, layer) => this.#index.code(layer, group, row));
    return { cls: codes('cls'), patches: codes('patches') };
  }

  /** The k most similar index images for every source layer, or for those up to `target`. NOT_FOUND for a wrong target. */
  async search(query: ImageCodes, { k, target, exclude }: RetrievalOptions): Promise<RetrievedRow[]> {
    if (target !== undefined && !(target < this.layers)) {
      throw new StrataError('NOT_FOUND', `there is no layer ${target}; the model has layers 0 to ${this.layers - 1}`);
    }
    const ownRow = exclude === undefined ? undefined : this.#index.rowOf(exclude);
    const rows: RetrievedRow[] = [];
    for (let layer = 0; layer <= (target ?? this.layers - 1); layer++) {
      const weights = target === undefined ? undefined : await this.#decoderNorms(layer, target);
      const row: RetrievedRow = { layer, cls: [], patches: [] };
      for (const group of retrievalGroups) {
        const search = await this.#searchOf(layer, group);
        const found = await search.search(query[group][layer], { k, weights, exclude: ownRow });
        row[group] = found.map(({ row: at, similarity }) => ({ image: this.#index.images[at], similarity }));
      }
      rows.push(row);
    }
    return rows;
  }

  /** Lets go of what was read. */
  async close(): Promise<void> {
    for (const search of this.#searches.values()) await search.release();
    this.#searches.clear();
  }

  async #searchOf(layer: number, group: RetrievalGroup): Promise<CodeSearch> {
    const key = `${group}-${layer}`;
    const known = this.#searches.get(key);
    if (known !== undefined) return known;
    const search = await openCodeSearch(this.#index.codes(layer, group), this.#expected);
    this.#searches.set(key, search);
    return search;
  }

  /** ||W_dec^{i->j}_f||_2 of every feature [m]. */
  async #decoderNorms(source: number, target: number): Promise<Float32Array> {
    const key = `${source}-${target}`;
    const known = this.#weights.get(key);
    if (known !== undefined) return known;
    const { layers, width, features } = this.#clt.shape;
    const name = `W_dec_${source}`;
    const file = this.#clt.files.get(name);
    if (!file) throw new Error(`${this.#clt.dir}: no ${name} although the folder was checked`);
    const norms = rowNorms(await readTensor(file, name), width);
    const targets = layers - source;
    const own = Float32Array.from({ length: features }, (_, feature) => norms[feature * targets + target - source]);
    this.#weights.set(key, own);
    return own;
  }
}
