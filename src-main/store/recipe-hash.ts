import { createHash } from 'node:crypto';
import type { Recipe } from '../contract/recipe.ts';
import { canonicalJson } from '../core/canonical-json.ts';

/** SHA-256 (hex) of any JSON value; the order of its keys does not matter. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** What identifies a run: its recipe and the bytes of the model and of the data set it names. */
export function recipeHash(recipe: Recipe, modelSha256: string, datasetSha256: string): string {
  return hashJson({ recipe, model: modelSha256, dataset: datasetSha256 });
}
