import { createHash } from 'node:crypto';
import type { Recipe } from '../contract/recipe.ts';
import { canonicalJson } from '../core/canonical-json.ts';

/** What identifies a run, as SHA-256 in hex: its recipe and the bytes of the model and of the data set it names. */
export function recipeHash(recipe: Recipe, modelSha256: string, datasetSha256: string): string {
  const identity = canonicalJson({ recipe, model: modelSha256, dataset: datasetSha256 });
  return createHash('sha256').update(identity).digest('hex');
}
