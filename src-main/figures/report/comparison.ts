import type { ReconstructionRow, Results } from '../../contract/results.ts';
import { tokenGroups } from '../../core/tokens.ts';
import type { FigureTable } from '../figure.ts';
import { bare, decimal, percent, points, significant, withDeviation } from '../format.ts';
import { labelWithSeeds, type RunGroup } from '../run-groups.ts';
import { deviation, mean } from '../statistics.ts';
import { groupTitles } from '../style.ts';

/** One number of every run; undefined where a run lacks it. */
interface Quantity {
  label: string;
  of(run: Results): number | undefined;
  format(value: number): string;
}

interface Section {
  title: string;
  quantities: readonly Quantity[];
}

export interface Comparison {
  title: string;
  caption: string;
  table: FigureTable;
}

const seedsNote = 'Mean ± standard deviation over seeds where there are several.';

/** Every measured quantity with the recipes side by side; a comparison that no run has numbers for is left out. */
export function comparisons(groups: readonly RunGroup[]): Comparison[] {
  const runs = groups.flatMap((group) => group.runs);
  const all = [
    fidelity(),
    cascade(runs),
    contributionToLast(runs),
    necessity(runs),
    audit(runs),
    prompts(runs),
    retrieval(runs),
  ];
  return all.flatMap(({ title, caption, sections }) => {
    const table = sideBySide(groups, sections);
    return table.sections.length > 0 ? [{ title, caption: `${caption} ${seedsNote}`, table }] : [];
  });
}

function sideBySide(groups: readonly RunGroup[], sections: readonly Section[]): FigureTable {
  const cell = (group: RunGroup, { of, format }: Quantity) => {
    const values = group.runs.flatMap((run) => of(run) ?? []);
    return values.length === 0 ? '' : withDeviation(mean(values), deviation(values), values.length, format);
  };
  const filled = sections.map(({ title, quantities }) => ({
    title,
    rows: quantities
      .map((quantity) => [quantity.label, ...groups.map((group) => cell(group, quantity))])
      .filter(([, ...cells]) => cells.some((text) => text !== '')),
  }));
  return {
    columns: [
      { title: '', align: 'left' },
      ...groups.map((group) => ({ title: labelWithSeeds(group), align: 'right' as const })),
    ],
    sections: filled.filter(({ rows }) => rows.length > 0),
  };
}

function fidelity() {
  const over = (key: 'cosine' | 'mse' | 'r2' | 'l0' | 'dead') => (rows: readonly ReconstructionRow[]) =>
    mean(rows.map((row) => row[key]));
  const quantity = (
    tokens: (typeof tokenGroups)[number],
    label: string,
    key: 'cosine' | 'mse' | 'r2' | 'l0' | 'dead',
    format: Quantity['format'],
  ) => ({
    label,
    of: (run: Results) => over(key)(run.reconstruction[tokens]),
    format,
  });
  return {
    title: 'Reconstruction, means over layers',
    caption:
      'Means over layers on the test split; MSE in squared raw activation units, L0 in features per token, dead in percent of features.',
    sections: tokenGroups.map((tokens) => ({
      title: groupTitles[tokens],
      quantities: [
        quantity(tokens, 'cosine', 'cosine', (value) => decimal(value)),
        quantity(tokens, 'MSE', 'mse', significant),
        quantity(tokens, 'R²', 'r2', (value) => decimal(value)),
        quantity(tokens, 'L0', 'l0', (value) => decimal(value, 1)),
        quantity(tokens, 'dead (%)', 'dead', percent),
      ],
    })),
  };
}

/** Layers of the deepest run. */
function layersOf(runs: readonly Results[]): number[] {
  const count = Math.max(0, ...runs.map(({ reconstruction }) => reconstruction.all.length));
  return Array.from({ length: count }, (_, layer) => layer);
}

function cascade(runs: readonly Results[]) {
  const row = (run: Results, from: number, tokens: string) =>
    run.cascade?.find((candidate) => candidate.from === from && candidate.tokens === tokens);
  return {
    title: 'Cascaded replacement, top-1',
    caption:
      'Zero-shot top-1 in percent with the blocks from the given layer to the last replaced, beside the frozen model on the same images.',
    sections: [
      {
        title: 'frozen model',
        quantities: [
          { label: 'nothing replaced', of: (run: Results) => run.cascade?.[0]?.frozenTop1, format: percent },
        ],
      },
      ...tokenGroups.map((tokens) => ({
        title: groupTitles[tokens],
        quantities: layersOf(runs).map((from) => ({
          label: `from L${from}`,
          of: (run: Results) => row(run, from, tokens)?.top1,
          format: percent,
        })),
      })),
    ],
  };
}

function contributionToLast(runs: readonly Results[]) {
  return {
    title: 'Contribution scores to the last layer',
    caption: 'Share of each source in the last layer’s reconstruction; shares sum to 1.',
    sections: tokenGroups.map((tokens) => ({
      title: groupTitles[tokens],
      quantities: layersOf(runs).map((source) => ({
        label: `L${source}`,
        of: (run: Results) => run.contribution?.[tokens][source]?.at(-1) ?? undefined,
        format: (value: number) => bare(value),
      })),
    })),
  };
}

function necessity(runs: readonly Results[]) {
  const groups = tokenGroups.filter((tokens) =>
    runs.some(({ necessity: rows }) => rows?.some((row) => row.tokens === tokens)),
  );
  const difference =
    (pick: (row: NonNullable<Results['necessity']>[number]) => number | undefined, tokens: string) =>
    (run: Results) => {
      const row = run.necessity?.find((candidate) => candidate.tokens === tokens);
      const top1 = row && pick(row);
      return top1 === undefined || row === undefined ? undefined : top1 - row.frozenTop1;
    };
  return {
    title: 'Necessity and sufficiency of the sources',
    caption:
      'Difference of top-1 to the frozen model in percentage points, with the last block rebuilt from some of its sources.',
    sections: groups.map((tokens) => ({
      title: groupTitles[tokens],
      quantities: [
        { label: 'without the best', of: difference(({ dropTop1 }) => dropTop1.top1, tokens), format: points },
        {
          label: 'without a random source',
          of: difference(({ controls }) => {
            const random = controls.filter(({ name }) => name === 'drop-random');
            return random.length > 0 ? mean(random.map(({ top1 }) => top1)) : undefined;
          }, tokens),
          format: points,
        },
        { label: 'best four only', of: difference(({ keepTop4 }) => keepTop4.top1, tokens), format: points },
        {
          label: 'worst four only',
          of: difference(({ controls }) => controls.find(({ name }) => name === 'keep-worst-4')?.top1, tokens),
          format: points,
        },
      ],
    })),
  };
}

function audit(runs: readonly Results[]) {
  const lost = (layer: number, key: 'meanAblationTop1' | 'zeroAblationTop1') => (run: Results) => {
    const row = run.audit?.find((candidate) => candidate.layer === layer);
    return row && row.frozenTop1 - row[key];
  };
  const byLayer = (key: 'meanAblationTop1' | 'zeroAblationTop1') =>
    layersOf(runs).map((layer) => ({
      label: `L${layer}`,
      of: lost(layer, key),
      format: (value: number) => decimal(100 * value, 1),
    }));
  return {
    title: 'Audit by ablation of the frozen model',
    caption:
      'Top-1 lost in percentage points when one layer’s MLP is ablated; ρ is Spearman’s, of the loss by mean ablation with the CLS scores.',
    sections: [
      {
        title: 'rank correlation',
        quantities: [
          { label: 'ρ', of: (run: Results) => run.auditSpearman, format: (value: number) => decimal(value, 2) },
        ],
      },
      { title: 'ablated to the mean', quantities: byLayer('meanAblationTop1') },
      { title: 'ablated to zero', quantities: byLayer('zeroAblationTop1') },
    ],
  };
}

function prompts(runs: readonly Results[]) {
  return {
    title: 'Spread over prompt templates',
    caption:
      'Standard deviation of top-1 over the prompt templates, in percentage points, with the blocks from the given layer replaced.',
    sections: [
      {
        title: 'frozen model',
        quantities: [{ label: 'nothing replaced', of: (run: Results) => run.prompts?.frozen.spread, format: percent }],
      },
      ...tokenGroups.map((tokens) => ({
        title: groupTitles[tokens],
        quantities: layersOf(runs).map((from) => ({
          label: `from L${from}`,
          of: (run: Results) => run.prompts?.rows.find((row) => row.from === from && row.tokens === tokens)?.spread,
          format: percent,
        })),
      })),
    ],
  };
}

function retrieval(runs: readonly Results[]) {
  const sections = (['cls', 'patches'] as const).flatMap((tokens) =>
    (['precisionAt3', 'rawPrecisionAt3'] as const).map((key) => ({
      title: `${groupTitles[tokens]}, ${key === 'precisionAt3' ? 'sparse codes' : 'raw activations'}`,
      quantities: layersOf(runs).map((layer) => ({
        label: `L${layer}`,
        of: (run: Results) => run.retrieval?.[tokens].find((row) => row.layer === layer)?.[key],
        format: percent,
      })),
    })),
  );
  return {
    title: 'Retrieval, precision@3',
    caption: 'Percent of the three nearest training images that have the query’s class.',
    sections,
  };
}
