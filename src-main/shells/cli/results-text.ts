import type { ReconstructionRow, Results } from '../../contract/results.ts';
import { type TokenGroup, tokenGroups } from '../../core/tokens.ts';
import { duration, percent, significant, table } from './format.ts';

const groupTitles: Readonly<Record<TokenGroup, string>> = {
  cls: 'CLS token',
  patches: 'patch tokens',
  all: 'all tokens',
};

/** What a run reached, for people: reconstruction per layer and token group, zero-shot accuracy, time. */
export function resultsText(results: Results): string {
  const { run, reconstruction, zeroShot, timings } = results;
  const parts = [`Run ${run.id}: ${run.model.name} on ${run.dataset.name}, seed ${run.seed}`];
  for (const group of tokenGroups) {
    parts.push(
      `Reconstruction on the test split, ${groupTitles[group]}\n${reconstructionTable(reconstruction[group])}`,
    );
  }
  const top5 = `top-5 ${percent(zeroShot.top5)}`;
  parts.push(`Zero-shot accuracy of the frozen model: top-1 ${percent(zeroShot.top1)}, ${top5} (${zeroShot.n} images)`);
  if (results.contribution) parts.push(contributionText(results.contribution));
  if (results.cascade) parts.push(cascadeText(results.cascade));
  if (results.prompts) parts.push(promptsText(results.prompts));
  if (results.necessity) parts.push(necessityText(results.necessity));
  if (results.audit) parts.push(auditText(results.audit, results.auditSpearman));
  if (results.retrieval) parts.push(retrievalText(results.retrieval));
  const times = Object.entries(timings).map(([stage, seconds]) => `${stage} ${duration(seconds)}`);
  if (times.length > 0) parts.push(`Time: ${times.join(', ')}`);
  return parts.join('\n\n');
}

function reconstructionTable(rows: readonly ReconstructionRow[]): string {
  const mean = (key: 'cosine' | 'mse' | 'r2' | 'l0' | 'dead') =>
    rows.reduce((sum, row) => sum + row[key], 0) / Math.max(rows.length, 1);
  const means = { cosine: mean('cosine'), mse: mean('mse'), r2: mean('r2'), l0: mean('l0'), dead: mean('dead') };
  const cells = (label: string, row: typeof means) => [
    label,
    row.cosine.toFixed(3),
    significant(row.mse),
    row.r2.toFixed(3),
    row.l0.toFixed(1),
    percent(row.dead),
  ];
  return table([
    ['layer', 'cosine', 'MSE', 'R2', 'L0', 'dead'],
    ...rows.map((row) => cells(`L${row.layer}`, row)),
    cells('mean', means),
  ]);
}

/** How the sources share the last target, for CLS and patches (method, section 5). */
function contributionText(contribution: NonNullable<Results['contribution']>): string {
  const last = contribution.cls.length - 1;
  const share = (group: 'cls' | 'patches', source: number) => contribution[group][source][last]?.toFixed(3) ?? '-';
  const rows = contribution.cls.map((_, source) => [`L${source}`, share('cls', source), share('patches', source)]);
  return `Contribution scores of the source layers to L${last}\n${table([['source', 'CLS', 'patches'], ...rows])}`;
}

/** Top-1 with the blocks from..L-1 replaced, for every token group (method, section 4). */
function cascadeText(cascade: NonNullable<Results['cascade']>): string {
  const last = Math.max(...cascade.map(({ from }) => from));
  const { n, frozenTop1 } = cascade[0];
  const top1 = (from: number, tokens: TokenGroup) => {
    const row = cascade.find((candidate) => candidate.from === from && candidate.tokens === tokens);
    return row ? percent(row.top1) : '-';
  };
  const rows = Array.from({ length: last + 1 }, (_, from) => [
    `L${from} to L${last}`,
    ...tokenGroups.map((tokens) => top1(from, tokens)),
  ]);
  const title = `Top-1 with blocks replaced, on ${n} test images (frozen model ${percent(frozenTop1)})`;
  return `${title}\n${table([['replaced', 'CLS', 'patches', 'all'], ...rows])}`;
}

/** How much top-1 depends on the prompt template, all blocks replaced beside the frozen model (method, section 6). */
function promptsText({ templates, n, frozen, rows }: NonNullable<Results['prompts']>): string {
  const points = (share: number) => `${(100 * share).toFixed(1)} pp`;
  const line = (label: string, { top1, spread }: { top1: readonly number[]; spread: number }, difference?: number) => [
    label,
    percent(Math.min(...top1)),
    percent(Math.max(...top1)),
    points(spread),
    difference === undefined ? '-' : points(difference),
  ];
  const replaced = rows.filter(({ from }) => from === 0);
  const body = replaced.map((row) => line(`replaced, ${groupTitles[row.tokens]}`, row, row.meanAbsDifference));
  const heading = ['model', 'lowest', 'highest', 'spread', 'mean difference'];
  const title = `Top-1 over ${templates.length} prompt templates, each alone, on ${n} test images`;
  return `${title}\n${table([heading, line('frozen', frozen), ...body])}`;
}

/** Share of the three nearest training images of the query's class, by codes and by raw activations. */
function retrievalText({ cls, patches }: NonNullable<Results['retrieval']>): string {
  const body = cls.map(({ layer, precisionAt3, rawPrecisionAt3 }, at) => [
    `L${layer}`,
    ...[precisionAt3, rawPrecisionAt3, patches[at].precisionAt3, patches[at].rawPrecisionAt3].map(percent),
  ]);
  const title = `Retrieval: precision@3 over ${cls[0].n} test images, by sparse codes and by raw LN2 activations`;
  return `${title}\n${table([['layer', 'CLS', 'CLS raw', 'patches', 'patches raw'], ...body])}`;
}

/** Top-1 with the last block rebuilt from some sources only (method, section 5). */
function necessityText(rows: NonNullable<Results['necessity']>): string {
  const body = rows.map(({ tokens, dropTop1, keepTop4, controls }) => {
    const random = controls.filter(({ name }) => name === 'drop-random');
    const worst = controls.find(({ name }) => name === 'keep-worst-4');
    return [
      groupTitles[tokens],
      `${percent(dropTop1.top1)} (L${dropTop1.source})`,
      percent(random.reduce((sum, { top1 }) => sum + top1, 0) / random.length),
      `${percent(keepTop4.top1)} (${keepTop4.sources.map((source) => `L${source}`).join(' ')})`,
      worst ? percent(worst.top1) : '-',
    ];
  });
  const { n, frozenTop1 } = rows[0];
  const title = `Top-1 with the last block rebuilt from some sources, on ${n} test images (frozen model ${percent(frozenTop1)})`;
  return `${title}\n${table([['tokens', 'without the best', 'without a random one', 'best four', 'worst four'], ...body])}`;
}

/** Top-1 with one frozen MLP ablated, and how the loss ranks against the contribution scores. */
function auditText(rows: NonNullable<Results['audit']>, rho: number | undefined): string {
  const body = rows.map((row) => [`L${row.layer}`, percent(row.zeroAblationTop1), percent(row.meanAblationTop1)]);
  const { n, frozenTop1 } = rows[0];
  const title = `Top-1 with one MLP of the frozen model ablated, on ${n} test images (frozen model ${percent(frozenTop1)})`;
  const verdict =
    rho === undefined ? '' : `\nSpearman's rho of the loss (mean) with the CLS contribution scores: ${rho.toFixed(2)}`;
  return `${title}\n${table([['ablated', 'to zero', 'to its mean'], ...body])}${verdict}`;
}
