import { decimal } from '../format.ts';
import { deviation, mean } from '../statistics.ts';
import { type Claim, notMeasured } from './claim.ts';

/** Whether the scores rank layers as ablation does: the test that would refute them. */
export const auditRho: Claim = {
  id: 'audit',
  title: 'Contribution scores measure importance',
  statement:
    'Layers with larger contribution scores to the last layer (CLS) matter more: ablating the frozen model’s own MLP there loses more accuracy.',
  published: 'Not published: this test is Strata’s own, the one that would refute the scores.',
  rule:
    'Spearman’s ρ of the scores with the accuracy lost by mean ablation; the claim wants it positive. Holds from 1.645 / sqrt(L−1) up, the ' +
    'one-sided bound at 5 % for L layers without any relation; does not hold at 0 or below, and is refuted below minus the bound; ' +
    'undecided between 0 and the bound. Over seeds, ρ is averaged.',
  test({ runs }) {
    const measured = runs.filter(({ auditSpearman, audit }) => auditSpearman !== undefined && audit?.length);
    if (measured.length === 0) return notMeasured('the audit by ablation');
    const rhos = measured.map(({ auditSpearman = 0 }) => auditSpearman);
    const rho = mean(rhos);
    const layers = measured[0].audit?.length ?? 1;
    const critical = 1.645 / Math.sqrt(Math.max(layers - 1, 1));
    const spread = rhos.length > 1 ? ` ± ${decimal(deviation(rhos), 2)} over ${rhos.length} seeds` : '';
    const found = `ρ = ${decimal(rho, 2)}${spread} over L = ${layers} layers (bound ±${decimal(critical, 2)})`;
    if (rho >= critical) return { verdict: 'holds', summary: `${found}: layers with larger scores do matter more.` };
    if (rho > 0) return { verdict: 'undecided', summary: `${found}: too weak to be told from chance.` };
    if (rho > -critical) {
      return { verdict: 'does not hold', summary: `${found}: layers with larger scores do not matter more.` };
    }
    return {
      verdict: 'does not hold',
      summary:
        `${found}: the scores are refuted as a measure of how important the frozen model’s MLPs are. Layers with larger scores matter less; ` +
        'the scores tell which codes rebuild the last output, not which layers the model needs.',
    };
  },
};
