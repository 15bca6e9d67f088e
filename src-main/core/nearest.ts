/** A retrieved row and its cosine similarity to the query. */
export interface Neighbour {
  row: number;
  similarity: number;
}

/** The k rows of largest similarity among those offered, in any order; ties go to the lower row. */
export class Nearest {
  readonly #k: number;
  readonly #found: Neighbour[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** What a row must reach to matter: a lower similarity changes nothing, an equal one only from a lower row. */
  get least(): number {
    return this.#found.length < this.#k ? Number.NEGATIVE_INFINITY : this.#found[this.#k - 1].similarity;
  }

  offer(row: number, similarity: number): void {
    if (similarity < this.least) return;
    let place = this.#found.length;
    while (place > 0 && isBefore(row, similarity, this.#found[place - 1])) place -= 1;
    this.#found.splice(place, 0, { row, similarity });
    if (this.#found.length > this.#k) this.#found.pop();
  }

  /** Best first. */
  list(): Neighbour[] {
    return [...this.#found];
  }
}

function isBefore(row: number, similarity: number, other: Neighbour): boolean {
  return similarity > other.similarity || (similarity === other.similarity && row < other.row);
}

/** Share of `k` places that hold a neighbour for which `hit` is true (precision@k; method, section 7). */
export function precisionAt(k: number, neighbours: readonly Neighbour[], hit: (row: number) => boolean): number {
  return neighbours.slice(0, k).filter(({ row }) => hit(row)).length / k;
}
