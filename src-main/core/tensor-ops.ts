/**
 * The tensor algebra in which a sparsifier states its training mathematics once. `T` is whatever stands for a tensor:
 * the ONNX graph builder implements it with graph values (graphs/ops.ts). Elementwise operators broadcast as in numpy;
 * comparisons give 1 or 0 as numbers, so that every tensor here is real-valued.
 */
export interface TensorOps<T> {
  scalar(value: number): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  neg(a: T): T;
  abs(a: T): T;
  tanh(a: T): T;
  relu(a: T): T;
  /** 1 where a > b, else 0. */
  greater(a: T, b: T): T;
  /** 1 at the k largest entries of each row of a [rows, columns], else 0; the lower column wins a tie. */
  topKMask(a: T, k: number): T;
  /** [rows, columns] -> [1, columns]. */
  sumRows(a: T): T;
  /** Sum of all entries, as a tensor that broadcasts. */
  sumAll(a: T): T;
}
