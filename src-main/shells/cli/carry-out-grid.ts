import { type ErrorCode, isStrataError } from '../../contract/errors.ts';
import type { Recipe } from '../../contract/recipe.ts';
import type { Results } from '../../contract/results.ts';
import type { Project } from '../../store/project-folder.ts';
import { runOf } from '../../store/runs.ts';
import { carryOutRun } from './carry-out.ts';
import { table } from './format.ts';
import type { Interrupt } from './interrupt.ts';
import type { OutputOptions } from './output.ts';
import { progressView } from './progress-view.ts';

/** What became of one run of a grid; with --json, an entry of `runs` in the answer. */
interface GridOutcome {
  name: string;
  /** Null when the run could not even be made: its model or data set is missing. */
  id: string | null;
  results: Results | null;
  error: { code: ErrorCode; message: string } | null;
}

/**
 * Carries out runs one after the other and goes on after one that fails; ends with what became of each, and exit code
 * 1 if any failed. Events name their run. Ctrl-C stops it all.
 */
export async function carryOutGrid(
  project: Project,
  recipes: readonly Recipe[],
  { json }: OutputOptions,
  interrupt: Interrupt,
  again: string,
): Promise<void> {
  const outcomes: GridOutcome[] = [];
  for (const [at, recipe] of recipes.entries()) {
    interrupt.signal.throwIfAborted();
    outcomes.push(await outcomeOf(project, recipe, `${at + 1}/${recipes.length}`, json === true, interrupt, again));
  }
  process.stdout.write(json ? `${JSON.stringify({ runs: outcomes })}\n` : `\n${gridText(outcomes)}\n`);
  const failed = outcomes.filter(({ error }) => error !== null);
  if (failed.length === 0) return;
  const list = failed.map(({ name, error }) => `${name}: ${error?.message}`).join('\n  ');
  process.stderr.write(`strata: ${failed.length} of ${outcomes.length} runs failed:\n  ${list}\n`);
  process.exitCode = 1;
}

async function outcomeOf(
  project: Project,
  recipe: Recipe,
  place: string,
  json: boolean,
  interrupt: Interrupt,
  again: string,
): Promise<GridOutcome> {
  const { name } = recipe;
  let id: string | null = null;
  let view = progressView(json, { id: name, label: `[${place} ${name}]` });
  try {
    const run = await runOf(project, recipe);
    id = run.id;
    view = progressView(json, { id, label: `[${place} ${name}]` });
    return { name, id, results: await carryOutRun(project, run, view, interrupt, again), error: null };
  } catch (error) {
    if (!isStrataError(error)) throw error;
    const { code, message } = error;
    view.show({ type: 'notice', level: 'warning', message: `failed: ${message}` });
    return { name, id, results: null, error: { code, message } };
  } finally {
    view.close();
  }
}

/** Mean over the layers, all tokens, of each run that has results. */
function gridText(outcomes: readonly GridOutcome[]): string {
  const rows = outcomes.map(({ name, id, results }) => {
    const layers = results?.reconstruction.all ?? [];
    const mean = (key: 'r2' | 'cosine' | 'l0') => layers.reduce((sum, row) => sum + row[key], 0) / layers.length;
    if (layers.length === 0) return [id ?? name, 'failed'];
    return [id ?? name, 'done', mean('r2').toFixed(3), mean('cosine').toFixed(3), mean('l0').toFixed(1)];
  });
  return table([['run', 'state', 'R2', 'cosine', 'L0'], ...rows]);
}
