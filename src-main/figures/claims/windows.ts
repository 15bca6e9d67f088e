import type { Results } from '../../contract/results.ts';
import type { TokenGroup } from '../../core/tokens.ts';
import { percent } from '../format.ts';
import type { RunGroup } from '../run-groups.ts';
import { mean } from '../statistics.ts';
import { groupTitles } from '../style.ts';
import { type Claim, type Finding, notMeasured, together, type Verdict } from './claim.ts';
import { averaged, errorWords, keepRule, keeps, lossOf, lossText } from './loss.ts';

type CascadeRow = NonNullable<Results['cascade']>[number];

/** Whether these windows keep accuracy for the token groups, as a table and a verdict over all of them. */
function windows(
  { runs }: RunGroup,
  groups: readonly TokenGroup[],
  judged: (from: number, tokens: TokenGroup, layers: number) => boolean,
): Finding {
  const measured = runs.filter(({ cascade }) => cascade?.length);
  if (measured.length === 0) return notMeasured('cascaded replacement');
  const layers = 1 + Math.max(...measured.flatMap(({ cascade = [] }) => cascade.map(({ from }) => from)));
  const rows = Array.from({ length: layers }, (_, from) => groups.map((tokens) => ({ from, tokens }))).flat();
  const found = rows.flatMap(({ from, tokens }) => {
    const matching = measured.flatMap(({ cascade = [] }) =>
      cascade.filter((row) => row.from === from && row.tokens === tokens),
    );
    if (matching.length === 0) return [];
    const loss = averaged(matching.map((row: CascadeRow) => lossOf(row.frozenTop1, row.top1, row.n, row.flipRate)));
    const verdict: Verdict | undefined = judged(from, tokens, layers) ? keeps(loss) : undefined;
    return [
      {
        from,
        tokens,
        loss,
        verdict,
        top1: matching.map(({ top1 }) => top1),
        frozen: mean(matching.map(({ frozenTop1 }) => frozenTop1)),
      },
    ];
  });
  const decided = found.flatMap(({ verdict }) => verdict ?? []);
  const worst = found.filter(({ verdict }) => verdict).toSorted((a, b) => b.loss.loss - a.loss.loss)[0];
  const first = found.find(({ from, tokens }) => from === 0 && tokens === 'all');
  const n = [...new Set(measured.flatMap(({ cascade = [] }) => cascade.map((row) => row.n)))].join(', ');
  const summary = worst
    ? `The largest loss among the judged windows is ${lossText(worst.loss)} pp (L${worst.from} to L${layers - 1}, ${groupTitles[worst.tokens]}; ± 2 errors; n = ${n})` +
      `${first && worst !== first ? `; replacing every block on all tokens loses ${lossText(first.loss)} pp` : ''}.`
    : 'No window was measured.';
  return {
    verdict: together(decided),
    summary,
    table: {
      columns: [
        { title: 'window', align: 'left' },
        { title: 'tokens', align: 'left' },
        { title: 'frozen top-1 (%)', align: 'right' },
        { title: 'replaced top-1 (%)', align: 'right' },
        { title: 'loss ± 2 errors (pp)', align: 'right' },
        { title: 'accuracy kept', align: 'left' },
      ],
      sections: [
        {
          title: '',
          rows: found.map(({ from, tokens, loss, verdict, top1, frozen }) => [
            `L${from} to L${layers - 1}`,
            groupTitles[tokens],
            percent(frozen),
            percent(mean(top1)),
            lossText(loss),
            verdict === undefined
              ? 'for comparison'
              : verdict === 'holds'
                ? 'yes'
                : verdict === 'does not hold'
                  ? 'no'
                  : verdict,
          ]),
        },
      ],
    },
  };
}

export const lateWindows: Claim = {
  id: 'late-windows',
  title: 'Late windows keep accuracy',
  statement: 'Replacing the MLPs of late blocks by their reconstruction, even on all tokens, keeps zero-shot accuracy.',
  published:
    'B/32, windows 7→11 and 10→11 on all tokens: between 0.4 pp below and 0.4 pp above the frozen model; window 0→11: 4.0 to 11.5 pp below.',
  rule: `Windows from s ≥ 7L/12 on, all tokens, have to keep accuracy, every one of them; one that exceeds the margin refutes the claim. ${keepRule} ${errorWords}`,
  test: (group) => windows(group, ['all'], (from, _, layers) => from >= (7 * layers) / 12),
};

export const clsReplacement: Claim = {
  id: 'cls-replacement',
  title: 'Replacing CLS keeps accuracy',
  statement: 'Replacing the MLP outputs of the CLS token alone keeps zero-shot accuracy, whatever the window.',
  published: 'B/32, all windows measured, CLS: between 0.25 pp below and 0.43 pp above the frozen model.',
  rule: `Every window from s = 0 to L−1 on CLS has to keep accuracy; one that exceeds the margin refutes the claim. ${keepRule} ${errorWords}`,
  test: (group) => windows(group, ['cls'], () => true),
};
