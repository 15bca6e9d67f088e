import { tokenGroups } from '../core/tokens.ts';
import { type Figure, type FigureTable, figureWidths } from './figure.ts';
import { decimal, percent } from './format.ts';
import { tableSvg } from './parts/table-svg.ts';
import { groupTitles } from './style.ts';

const right = 'right' as const;

/** Method, sections 4 and 6: every window and token group of one run. */
export const cascadeTable: Figure = {
  id: 'cascade-table',
  title: 'Cascaded replacement, all figures',
  columns: {
    from: 'first replaced layer',
    tokens: 'token group replaced',
    top1: 'share of images',
    top5: 'share of images',
    n: 'images',
    frozenTop1: 'share of the same images, frozen model',
    kl: 'nats',
    flipRate: 'share of images whose prediction changes',
    top5Agreement: 'share of the top five in common',
    cosine: 'mean cosine of the image embeddings',
    cka: 'linear CKA of the image embeddings',
    spearman: 'mean rank correlation of the class logits',
  },

  caption({ runs }) {
    const [row] = runs[0]?.cascade ?? [];
    const frozen = row ? `; frozen model ${percent(row.frozenTop1)} % on the same ${row.n} images` : '';
    return (
      `The replaced against the frozen model for every window s→L−1 and token group: top-1, top-5 and changed predictions (flips) in percent${frozen}; ` +
      'KL divergence in nats; overlap of the top five; cosine and linear CKA of the image embeddings; rank correlation ρ of the class logits.'
    );
  },

  async draw({ runs }, width) {
    const rows = runs.length === 1 ? runs[0].cascade : undefined;
    if (rows === undefined || rows.length === 0) return undefined;
    const last = Math.max(...rows.map(({ from }) => from));
    const titles = ['window', 'top-1', 'top-5', 'KL', 'flips', 'top-5 overlap', 'cosine', 'CKA', 'ρ'];
    const table: FigureTable = {
      columns: titles.map((title, at) => ({ title, align: at === 0 ? 'left' : right })),
      sections: tokenGroups.map((tokens) => ({
        title: groupTitles[tokens],
        rows: rows
          .filter((row) => row.tokens === tokens)
          .map((row) => [
            `${row.from}→${last}`,
            percent(row.top1),
            percent(row.top5),
            decimal(row.kl),
            percent(row.flipRate),
            ...[row.top5Agreement, row.cosine, row.cka, row.spearman].map((value) => decimal(value)),
          ]),
      })),
    };
    return { svg: tableSvg(table, figureWidths[width]), rows, table };
  },
};
