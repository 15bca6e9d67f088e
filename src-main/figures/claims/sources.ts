import type { Results } from '../../contract/results.ts';
import { tokenGroups } from '../../core/tokens.ts';
import type { RunGroup } from '../run-groups.ts';
import { mean } from '../statistics.ts';
import { groupTitles } from '../style.ts';
import { type Claim, type Finding, notMeasured, together, type Verdict } from './claim.ts';
import { averaged, errorWords, keepRule, keeps, type Loss, lossOf, lossText, lost } from './loss.ts';

type NecessityRow = NonNullable<Results['necessity']>[number];

/** Top-1 of a measurement, and the share of predictions that it changes where that was stored. */
interface Trial {
  top1: number;
  flipRate?: number;
}

/** Loss of a necessity measurement against the frozen model, averaged over the group's runs. */
function trialLoss(rows: readonly NecessityRow[], trial: (row: NecessityRow) => Trial): Loss {
  return averaged(
    rows.map((row) => {
      const { top1, flipRate } = trial(row);
      return lossOf(row.frozenTop1, top1, row.n, flipRate);
    }),
  );
}

/** How much more one measurement loses than another on the same images. */
function excess(
  rows: readonly NecessityRow[],
  trial: (row: NecessityRow) => number,
  control: (row: NecessityRow) => number,
): Loss {
  return averaged(rows.map((row) => lossOf(control(row), trial(row), row.n)));
}

/** Accuracy without a random source; draws of the best source itself say nothing and are left out. */
function randomDrop({ controls, dropTop1 }: NecessityRow): number | undefined {
  const others = controls.filter(({ name, sources }) => name === 'drop-random' && !sources.includes(dropTop1.source));
  return others.length > 0 ? mean(others.map(({ top1 }) => top1)) : undefined;
}

function worstFour({ controls }: NecessityRow): number | undefined {
  return controls.find(({ name }) => name === 'keep-worst-4')?.top1;
}

/** One necessity measurement beside its control, for every token group. */
function beside(
  { runs }: RunGroup,
  names: { trial: string; control: string },
  trial: (row: NecessityRow) => Trial,
  control: (row: NecessityRow) => number | undefined,
  judge: (loss: Loss, overControl: Loss | undefined) => Verdict,
): Finding {
  const found = tokenGroups.flatMap((tokens) => {
    const rows = runs.flatMap(({ necessity = [] }) => necessity.filter((row) => row.tokens === tokens));
    if (rows.length === 0) return [];
    const loss = trialLoss(rows, trial);
    const controlled = rows.filter((row) => control(row) !== undefined);
    const overControl =
      controlled.length > 0
        ? excess(
            controlled,
            (row) => trial(row).top1,
            (row) => control(row) ?? 0,
          )
        : undefined;
    const controlLoss =
      controlled.length > 0 ? mean(controlled.map((row) => row.frozenTop1 - (control(row) ?? 0))) : undefined;
    const n = [...new Set(rows.map((row) => row.n))].join(', ');
    return [{ tokens, n, loss, overControl, controlLoss, verdict: judge(loss, overControl) }];
  });
  if (found.length === 0) return notMeasured('necessity and sufficiency');
  const words = found.map(
    ({ tokens, n, loss, overControl, controlLoss }, at) =>
      `${at === 0 ? 'On' : 'on'} ${groupTitles[tokens]}, ${names.trial} loses ${lossText(loss)} pp (n = ${n})` +
      (overControl && controlLoss !== undefined
        ? `, ${names.control} ${lost(controlLoss)}; the difference is ${lossText(overControl)} pp`
        : ''),
  );
  const verdicts = [...new Set(found.map(({ verdict }) => verdict))];
  return {
    verdict: verdicts.length === 1 ? verdicts[0] : verdicts.includes('holds') ? 'holds in part' : together(verdicts),
    summary: `${words.join('; ')} (± 2 errors).`,
    table: {
      columns: [
        { title: 'tokens', align: 'left' },
        { title: `${names.trial}: loss ± 2 errors (pp)`, align: 'right' },
        { title: `${names.control}: loss (pp)`, align: 'right' },
        { title: 'more than the control (pp)', align: 'right' },
        { title: 'finding', align: 'left' },
      ],
      sections: [
        {
          title: '',
          rows: found.map(({ tokens, loss, overControl, controlLoss, verdict }) => [
            groupTitles[tokens],
            lossText(loss),
            controlLoss === undefined ? '' : lost(controlLoss),
            overControl === undefined ? '' : lossText(overControl),
            verdict,
          ]),
        },
      ],
    },
  };
}

export const topFour: Claim = {
  id: 'top-four',
  title: 'The best four sources suffice',
  statement:
    'The last block’s output, rebuilt from the four sources of the largest contribution scores, keeps zero-shot accuracy.',
  published:
    'B/32, keep top-4, all tokens and CLS: CIFAR-100 −1.69 and −0.93 pp, COCO −0.10 and −0.12, ImageNet-100 +0.14 and +0.06.',
  rule:
    `${keepRule} Where accuracy is kept, but the worst four sources do not lose more by over 2 errors, the scores do not matter for it: ` +
    `holds in part. ${errorWords}`,
  test: (group) =>
    beside(
      group,
      { trial: 'keeping the best four', control: 'keeping the worst four' },
      ({ keepTop4 }) => keepTop4,
      worstFour,
      (loss, overControl) => {
        const kept = keeps(loss);
        const distinct = overControl !== undefined && -overControl.loss > 2 * overControl.error;
        return kept === 'holds' && overControl !== undefined && !distinct ? 'holds in part' : kept;
      },
    ),
};

export const topOne: Claim = {
  id: 'top-one',
  title: 'The best source matters',
  statement:
    'Without the source of the largest contribution score, the last block’s output no longer carries the accuracy.',
  published:
    'B/32, drop top-1, all tokens and CLS: CIFAR-100 −1.97 and −1.74 pp, COCO −0.14 and −0.34, ImageNet-100 −5.48 and −5.56.',
  rule:
    'Holds when dropping the best source loses more than 2 errors against the frozen model, and more than 2 errors over dropping a random other ' +
    'source. Does not hold when it loses nothing, or no more than dropping a random other source. Else undecided: what is ' +
    `lost is no more than chance on so few images. ${errorWords}`,
  test: (group) =>
    beside(
      group,
      { trial: 'dropping the best source', control: 'dropping a random other source' },
      ({ dropTop1 }) => dropTop1,
      randomDrop,
      (loss, overControl) => {
        if (loss.loss <= 0 || (overControl !== undefined && overControl.loss <= 0)) return 'does not hold';
        const real = (difference: Loss) => difference.loss > 2 * difference.error;
        return real(loss) && overControl !== undefined && real(overControl) ? 'holds' : 'undecided';
      },
    ),
};
