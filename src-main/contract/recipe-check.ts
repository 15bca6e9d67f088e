import { z } from 'zod';
import { isStrataError } from './errors.ts';
import type { Recipe } from './recipe.ts';
import { parseRecipes } from './recipe-file.ts';

/** A mistake in a recipe's text. */
export const recipeProblemSchema = z.object({
  /** From 1. */
  line: z.int().min(1),
  column: z.int().min(1),
  /** The key it concerns, as in `train.steps`; empty where there is none. */
  key: z.string(),
  message: z.string(),
});

export type RecipeProblem = z.infer<typeof recipeProblemSchema>;

const place = /^\s*recipe:(\d+):(\d+) (?:([\w.]+): )?(.*)$/;

/** The recipes a text stands for, as the command line reads it, or all that is wrong with it, line by line. */
export function checkRecipe(yaml: string): { recipes: Recipe[]; problems: RecipeProblem[] } {
  try {
    return { recipes: parseRecipes(yaml, 'recipe'), problems: [] };
  } catch (error) {
    if (!isStrataError(error)) throw error;
    const problems = error.message.split('\n').flatMap((text) => {
      const found = place.exec(text);
      if (!found) return [];
      const [, line, column, key = '', message] = found;
      return [{ line: Number(line), column: Number(column), key, message }];
    });
    const whole = { line: 1, column: 1, key: '', message: error.message };
    return { recipes: [], problems: problems.length > 0 ? problems : [whole] };
  }
}
