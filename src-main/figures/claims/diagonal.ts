import { bare } from '../format.ts';
import { deviation, mean } from '../statistics.ts';
import { type Claim, notMeasured } from './claim.ts';

/** The smallest share of the diagonal published for a patches' column. */
const publishedDiagonal = 0.365;

export const diagonalPatches: Claim = {
  id: 'diagonal-patches',
  title: 'Patches’ contribution is diagonal',
  statement: 'What a layer’s MLP writes to patch tokens is rebuilt mostly from that layer’s own code.',
  published: 'B/32: the diagonal’s share is .365 to .851 for targets L1 to L10.',
  rule:
    `For every target from L1 to L(L−2): the layer itself is the largest source, and its share is at least ${bare(publishedDiagonal)}, the smallest published. ` +
    'Holds when both are so for every target; does not hold when the layer itself is the largest source for fewer than half of them; else it ' +
    'holds in part. Over seeds, shares are averaged.',
  test({ runs }) {
    const scores = runs.flatMap(({ contribution }) => (contribution ? [contribution.patches] : []));
    if (scores.length === 0) return notMeasured('contribution scores');
    const layers = scores[0].length;
    if (layers < 3) return notMeasured('a model of fewer than three layers has no inner target');
    const targets = Array.from({ length: layers - 2 }, (_, at) => {
      const target = at + 1;
      const column = Array.from({ length: target + 1 }, (_, source) => scores.map((run) => run[source][target] ?? 0));
      const shares = column.map(mean);
      const largest = shares.indexOf(Math.max(...shares));
      return { target, share: shares[target], spread: deviation(column[target]), largest, own: largest === target };
    });
    const own = targets.filter((target) => target.own).length;
    const large = targets.filter(({ share }) => share >= publishedDiagonal).length;
    const shares = targets.map(({ share }) => share);
    return {
      verdict:
        own === targets.length && large === targets.length
          ? 'holds'
          : own < targets.length / 2
            ? 'does not hold'
            : 'holds in part',
      summary:
        `The layer itself is the largest source for ${own} of ${targets.length} inner targets; its share runs from ${bare(Math.min(...shares))} to ` +
        `${bare(Math.max(...shares))} and reaches ${bare(publishedDiagonal)} for ${large} of them.`,
      table: {
        columns: [
          { title: 'target', align: 'left' },
          { title: 'share of the diagonal', align: 'right' },
          { title: 'if all sources were alike', align: 'right' },
          { title: 'largest source', align: 'left' },
        ],
        sections: [
          {
            title: '',
            rows: targets.map(({ target, share, spread, largest }) => [
              `L${target}`,
              scores.length > 1 ? `${bare(share)} ± ${bare(spread)}` : bare(share),
              bare(1 / (target + 1)),
              `L${largest}`,
            ]),
          },
        ],
      },
    };
  },
};
