/** A round lower end, in steps of 0.1, for an axis that ends at 1. */
export function lowerBound(values: readonly number[]): number {
  return Math.floor(10 * Math.min(0.9, ...values)) / 10;
}
