import type { Results } from '../../contract/results.ts';
import type { FigureTable } from '../figure.ts';
import { decimal, significant } from '../format.ts';
import type { RunGroup } from '../run-groups.ts';
import { mean } from '../statistics.ts';
import { element, heading, htmlTable, paragraph } from './html.ts';
import { publishedAccuracy, publishedReconstruction } from './published.ts';

const right = 'right' as const;
const left = 'left' as const;

/** The runs' main figures beside the published ones of other models and data. */
export function contextSection(groups: readonly RunGroup[]): string {
  return element(
    'section',
    { 'aria-labelledby': 'published' },
    heading(2, 'Beside the published figures', 'published'),
    paragraph(
      'The published figures are of CLIP ViT-B on natural images, read from plots (± .002) and tables (± .15 percentage points). They are ' +
        'context for the size of things: other models, data and training budgets are not comparable number by number.',
    ),
    htmlTable('Reconstruction on all tokens, means over layers.', reconstructionTable(groups)),
    htmlTable(
      'Top-1 in percent with the blocks from s on replaced (published: relu-topk, ViT-B/32, L = 12). Windows are given as s/L.',
      cascadeTable(groups),
    ),
    htmlTable(
      'Top-1 in percent with the last block rebuilt from some of its sources (published: ViT-B/32).',
      necessityTable(groups),
    ),
  );
}

function reconstructionTable(groups: readonly RunGroup[]): FigureTable {
  const over = (runs: readonly Results[], key: 'mse' | 'r2' | 'cosine') =>
    mean(runs.map(({ reconstruction }) => mean(reconstruction.all.map((row) => row[key]))));
  const row = (name: string, kind: string, [mse, r2, cosine]: readonly number[]) => [
    name,
    kind,
    significant(mse),
    decimal(r2),
    decimal(cosine),
  ];
  return {
    columns: [
      { title: 'model and data', align: left },
      { title: 'sparsifier', align: left },
      { title: 'MSE', align: right },
      { title: 'R²', align: right },
      { title: 'cosine', align: right },
    ],
    sections: [
      {
        title: 'here',
        rows: groups.map(({ label, runs }) =>
          row(placeOf(runs[0]), label, [over(runs, 'mse'), over(runs, 'r2'), over(runs, 'cosine')]),
        ),
      },
      {
        title: 'published',
        rows: publishedReconstruction.flatMap(({ model, dataset, byKind }) =>
          Object.entries(byKind).map(([kind, values]) => row(`${model}, ${dataset}`, kind, values)),
        ),
      },
    ],
  };
}

function placeOf({ run }: Results): string {
  return `${run.model.name}, ${run.dataset.name}`;
}

function cascadeTable(groups: readonly RunGroup[]): FigureTable {
  const { windows, datasets } = publishedAccuracy;
  const published = datasets.flatMap(({ name, frozen, ...groupsOf }) =>
    (['cls', 'all'] as const).map((tokens) => [
      `ViT-B/32, ${name}`,
      tokens,
      frozen.toFixed(2),
      ...groupsOf[tokens].map((top1) => top1.toFixed(2)),
    ]),
  );
  const here = groups.flatMap(({ label, runs }) => {
    const measured = runs.filter(({ cascade }) => cascade?.length);
    if (measured.length === 0) return [];
    const layers = measured[0].reconstruction.all.length;
    return (['cls', 'all'] as const).map((tokens) => [
      `${placeOf(measured[0])}, ${label}`,
      tokens,
      (100 * mean(measured.map(({ cascade = [] }) => cascade[0].frozenTop1))).toFixed(2),
      ...windows.map((window) => {
        const from = Math.round((window * layers) / 12);
        const values = measured.flatMap(({ cascade = [] }) =>
          cascade.filter((row) => row.from === from && row.tokens === tokens).map(({ top1 }) => 100 * top1),
        );
        return values.length > 0 ? `${mean(values).toFixed(2)} (L${from})` : '';
      }),
    ]);
  });
  return {
    columns: [
      { title: 'model and data', align: left },
      { title: 'tokens', align: left },
      { title: 'frozen', align: right },
      ...windows.map((window) => ({ title: `from ${window}/12`, align: right })),
    ],
    sections: sectionsOf(here, published),
  };
}

function necessityTable(groups: readonly RunGroup[]): FigureTable {
  const published = publishedAccuracy.datasets.flatMap(({ name, frozen, drop, keep }) =>
    ['all', 'cls'].map((tokens, at) => [
      `ViT-B/32, ${name}`,
      tokens,
      frozen.toFixed(2),
      drop[at].toFixed(2),
      keep[at].toFixed(2),
    ]),
  );
  const here = groups.flatMap(({ label, runs }) =>
    (['all', 'cls'] as const).flatMap((tokens) => {
      const rows = runs.flatMap(({ necessity = [] }) => necessity.filter((row) => row.tokens === tokens));
      if (rows.length === 0) return [];
      const over = (pick: (row: (typeof rows)[number]) => number) => (100 * mean(rows.map(pick))).toFixed(2);
      return [
        [
          `${placeOf(runs[0])}, ${label}`,
          tokens,
          over(({ frozenTop1 }) => frozenTop1),
          over(({ dropTop1 }) => dropTop1.top1),
          over(({ keepTop4 }) => keepTop4.top1),
        ],
      ];
    }),
  );
  return {
    columns: [
      { title: 'model and data', align: left },
      { title: 'tokens', align: left },
      { title: 'frozen', align: right },
      { title: 'drop top-1', align: right },
      { title: 'keep top-4', align: right },
    ],
    sections: sectionsOf(here, published),
  };
}

function sectionsOf(here: readonly string[][], published: readonly string[][]) {
  return [...(here.length > 0 ? [{ title: 'here', rows: here }] : []), { title: 'published', rows: published }];
}
