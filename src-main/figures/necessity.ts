import type { Results } from '../contract/results.ts';
import { type Figure, type FigureTable, figureWidths } from './figure.ts';
import { percent, points, withDeviation } from './format.ts';
import { tableSvg } from './parts/table-svg.ts';
import { deviation, mean } from './statistics.ts';
import { groupTitles } from './style.ts';

type NecessityRow = NonNullable<Results['necessity']>[number];

/** One way of rebuilding the last block; controls over several seeds are one condition with several accuracies. */
interface Condition {
  name: string;
  sources: string;
  top1: readonly number[];
}

const controlNames: Readonly<Record<string, string>> = {
  'drop-random': 'without a random source',
  'keep-worst-4': 'worst four only',
};

/** Method, section 5: the last block rebuilt from some of its sources. */
export const necessity: Figure = {
  id: 'necessity',
  title: 'Necessity and sufficiency of the sources',
  columns: {
    tokens: 'token group replaced',
    condition: 'how the last block is rebuilt',
    seed: 'seed of a random control',
    sources: 'source layers dropped or kept',
    top1: 'share of images',
    difference: 'top1 - frozenTop1',
    frozenTop1: 'share of the same images, frozen model',
    n: 'images',
  },

  caption({ runs }) {
    const n = runs[0]?.necessity?.[0]?.n;
    return (
      'Zero-shot top-1 accuracy with the last block’s MLP output rebuilt from some of its sources, ranked by contribution score, and the ' +
      `difference to the frozen model on the same images${n === undefined ? '' : ` (n = ${n})`}. Random control: mean ± standard deviation over its seeds.`
    );
  },

  async draw({ runs }, width) {
    const section = runs.length === 1 ? runs[0].necessity : undefined;
    if (section === undefined || section.length === 0) return undefined;
    const table: FigureTable = {
      columns: [
        { title: 'last\u00a0block\u00a0rebuilt', align: 'left' },
        { title: 'sources', align: 'left' },
        { title: 'top-1\u00a0(%)', align: 'right' },
        { title: 'difference\u00a0(pp)', align: 'right' },
      ],
      sections: section.map((row) => ({
        title: groupTitles[row.tokens],
        rows: [
          ['frozen model', '', percent(row.frozenTop1), ''],
          ...conditions(row, runs[0]).map(({ name, sources, top1 }) => [
            name,
            sources,
            withDeviation(mean(top1), deviation(top1), top1.length, percent),
            points(mean(top1) - row.frozenTop1),
          ]),
        ],
      })),
    };
    return { svg: tableSvg(table, figureWidths[width]), rows: section.flatMap(records), table };
  },
};

function conditions(row: NecessityRow, { cascade = [] }: Results): Condition[] {
  const last = row.ranking.length - 1;
  const whole = cascade.find(({ from, tokens, n }) => from === last && tokens === row.tokens && n === row.n);
  const controls = Map.groupBy(row.controls, ({ name }) => name);
  return [
    ...(whole ? [{ name: 'all sources', sources: '', top1: [whole.top1] }] : []),
    { name: 'without the best', sources: layerNames([row.dropTop1.source]), top1: [row.dropTop1.top1] },
    ...[...controls].map(([name, trials]) => ({
      name: controlNames[name] ?? name,
      sources: trials.length > 1 ? `${trials.length} seeds` : layerNames(trials[0].sources),
      top1: trials.map(({ top1 }) => top1),
    })),
    { name: 'best four only', sources: layerNames(row.keepTop4.sources), top1: [row.keepTop4.top1] },
  ].sort((a, b) => order(a.name) - order(b.name));
}

const printed = ['all sources', 'without the best', 'without a random source', 'best four only', 'worst four only'];

function order(name: string): number {
  return printed.includes(name) ? printed.indexOf(name) : printed.length;
}

function layerNames(layers: readonly number[]): string {
  return layers.map((layer) => `L${layer}`).join(' ');
}

function records({ tokens, n, frozenTop1, dropTop1, keepTop4, controls }: NecessityRow) {
  const record = (condition: string, sources: readonly number[], top1: number, seed?: number) => ({
    tokens,
    condition,
    seed: seed ?? '',
    sources: sources.join(' '),
    top1,
    difference: top1 - frozenTop1,
    frozenTop1,
    n,
  });
  return [
    record('drop-top-1', [dropTop1.source], dropTop1.top1),
    record('keep-top-4', keepTop4.sources, keepTop4.top1),
    ...controls.map(({ name, seed, sources, top1 }) => record(name, sources, top1, seed)),
  ];
}
