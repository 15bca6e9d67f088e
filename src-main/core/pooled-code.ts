/** The token groups by which images are retrieved, apart (method, section 7). */
export const retrievalGroups = ['cls', 'patches'] as const;
export type RetrievalGroup = (typeof retrievalGroups)[number];

/**
 * One row for a whole image (method, section 7) from its tokens [T, columns], token 0 being CLS: CLS as it is, or for
 * every column the patch value of largest magnitude, with its sign, the earlier patch on a tie. Writes and returns
 * `target` [columns]. Codes and raw activations are pooled alike.
 */
export function imageRow(
  tokens: Float32Array,
  columns: number,
  group: RetrievalGroup,
  target = new Float32Array(columns),
): Float32Array<ArrayBufferLike> {
  if (group === 'cls') {
    target.set(tokens.subarray(0, columns));
    return target;
  }
  target.fill(0);
  for (let start = columns; start < tokens.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const value = tokens[start + column];
      if (value !== 0 && Math.abs(value) > Math.abs(target[column])) target[column] = value;
    }
  }
  return target;
}
