/** v / |v|; a zero vector stays zero. */
function normalise(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 ? vector.map((value) => value / norm) : vector.slice();
}

/**
 * Class embeddings [classes, p] (method, section 6): the normalised mean of the normalised text embeddings of each
 * class's prompts. textEmbeddings [prompts, p] in class order; promptsPerClass [classes].
 */
export function classEmbeddings(
  textEmbeddings: Float32Array,
  width: number,
  promptsPerClass: readonly number[],
): Float32Array {
  const result = new Float32Array(promptsPerClass.length * width);
  let prompt = 0;
  promptsPerClass.forEach((count, index) => {
    const mean = new Float32Array(width);
    for (const end = prompt + count; prompt < end; prompt++) {
      normalise(textEmbeddings.subarray(prompt * width, (prompt + 1) * width)).forEach((value, at) => {
        mean[at] += value / count;
      });
    }
    result.set(normalise(mean), index * width);
  });
  return result;
}

/** Class logits of one image: scale * cosine to each class; classes [classes, p] already normalised. */
export function classLogits(imageEmbedding: Float32Array, classes: Float32Array, scale: number): Float32Array {
  const image = normalise(imageEmbedding);
  const width = image.length;
  return Float32Array.from({ length: classes.length / width }, (_, index) => {
    let product = 0;
    for (let at = 0; at < width; at++) product += image[at] * classes[index * width + at];
    return scale * product;
  });
}

/** Place of `label` among the logits, 0 for the best; the lower class index wins a tie. */
export function rankOf(logits: Float32Array, label: number): number {
  const own = logits[label];
  return logits.reduce((rank, value, index) => rank + (value > own || (value === own && index < label) ? 1 : 0), 0);
}
