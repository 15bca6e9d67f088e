/** Streaming linear CKA of two matrices [images, p] with centred columns (method, section 6). */
export class LinearCka {
  readonly #width: number;
  readonly #sums: [Float64Array, Float64Array];
  /** a'a, b'b and a'b, [p, p] each. */
  readonly #products: [Float64Array, Float64Array, Float64Array];
  #rows = 0;

  constructor(width: number) {
    this.#width = width;
    this.#sums = [new Float64Array(width), new Float64Array(width)];
    this.#products = [new Float64Array(width ** 2), new Float64Array(width ** 2), new Float64Array(width ** 2)];
  }

  /** One image's row of each matrix. */
  add(a: Float32Array, b: Float32Array): void {
    const [aa, bb, ab] = this.#products;
    for (let row = 0; row < this.#width; row++) {
      this.#sums[0][row] += a[row];
      this.#sums[1][row] += b[row];
      for (let column = 0; column < this.#width; column++) {
        const at = row * this.#width + column;
        aa[at] += a[row] * a[column];
        bb[at] += b[row] * b[column];
        ab[at] += a[row] * b[column];
      }
    }
    this.#rows += 1;
  }

  /** ||a'b||^2 / (||a'a|| ||b'b||) of the centred matrices; 1 for equal ones, 0 where one does not vary. */
  finish(): number {
    const [sumA, sumB] = this.#sums;
    const [aa, bb, ab] = this.#products;
    const squared = (product: Float64Array, left: Float64Array, right: Float64Array) => {
      let total = 0;
      for (let row = 0; row < this.#width; row++) {
        for (let column = 0; column < this.#width; column++) {
          total += (product[row * this.#width + column] - (left[row] * right[column]) / this.#rows) ** 2;
        }
      }
      return total;
    };
    const scale = Math.sqrt(squared(aa, sumA, sumA) * squared(bb, sumB, sumB));
    return scale > 0 ? squared(ab, sumA, sumB) / scale : 0;
  }
}
