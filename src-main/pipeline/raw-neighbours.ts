import { Nearest, type Neighbour } from '../core/nearest.ts';
import { normaliseRows } from '../core/nearest-features.ts';
import { RowProducts } from '../engine/row-products.ts';
import { free } from '../engine/session.ts';

/**
 * Nearest images of a bounded number of queries by the cosine of dense rows, for every layer: the queries are kept, the
 * images stream by. Memory: queries x L x width in single precision.
 */
export class RawNeighbours {
  readonly #products: RowProducts;
  readonly #width: number;
  /** By layer: rows [queries, width] of length 1. */
  readonly #queries: Float32Array[];
  /** By layer and query. */
  readonly #nearest: Nearest[][];
  #count = 0;

  private constructor(products: RowProducts, layers: number, width: number, queries: number, k: number) {
    this.#products = products;
    this.#width = width;
    this.#queries = Array.from({ length: layers }, () => new Float32Array(queries * width));
    this.#nearest = this.#queries.map(() => Array.from({ length: queries }, () => new Nearest(k)));
  }

  static async start(layers: number, width: number, queries: number, k: number): Promise<RawNeighbours> {
    return new RawNeighbours(await RowProducts.load(width), layers, width, queries, k);
  }

  /** The next query's rows [L*width]. */
  addQuery(rows: Float32Array): void {
    this.#queries.forEach((queries, layer) => {
      const own = queries.subarray(this.#count * this.#width, (this.#count + 1) * this.#width);
      own.set(rows.subarray(layer * this.#width, (layer + 1) * this.#width));
      normaliseRows(own, this.#width);
    });
    this.#count += 1;
  }

  /** Images with the rows [images, L*width], which are `firstRow`, firstRow + 1, ... of the index. */
  async add(rows: Float32Array, firstRow: number): Promise<void> {
    const layers = this.#queries.length;
    const images = rows.length / (layers * this.#width);
    const own = new Float32Array(images * this.#width);
    for (const [layer, queries] of this.#queries.entries()) {
      for (let image = 0; image < images; image++) {
        const start = (image * layers + layer) * this.#width;
        own.set(rows.subarray(start, start + this.#width), image * this.#width);
      }
      normaliseRows(own, this.#width);
      const cosines = await this.#products.run(queries, own);
      this.#nearest[layer].forEach((nearest, query) => {
        for (let image = 0; image < images; image++) {
          const cosine = cosines[query * images + image];
          if (cosine > nearest.least) nearest.offer(firstRow + image, cosine);
        }
      });
      free(cosines);
    }
  }

  /** Best first. */
  neighbours(layer: number, query: number): Neighbour[] {
    return this.#nearest[layer][query].list();
  }

  release(): Promise<void> {
    return this.#products.release();
  }
}
