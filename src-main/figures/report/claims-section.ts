import type { Claim, Verdict } from '../claims/claim.ts';
import { claims } from '../claims/index.ts';
import { labelWithSeeds, type RunGroup } from '../run-groups.ts';
import { element, escapeText, heading, htmlTable, paragraph } from './html.ts';

const colours: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'holds in part': 'open',
  'does not hold': 'fails',
  undecided: 'open',
  'not measured': 'open',
};

/** Every claim with its rule and what each recipe's runs say to it, the verdicts first. */
export function claimsSection(groups: readonly RunGroup[]): string {
  const findings = claims.map((claim) => groups.map((group) => ({ group, ...claim.test(group) })));
  const overview = htmlTable('Whether each claim holds here, by recipe; the rules and numbers follow.', {
    columns: [
      { title: 'claim', align: 'left' },
      ...groups.map((group) => ({ title: labelWithSeeds(group), align: 'left' as const })),
    ],
    sections: [
      { title: '', rows: claims.map(({ title }, at) => [title, ...findings[at].map(({ verdict }) => verdict)]) },
    ],
  });
  return element(
    'section',
    { 'aria-labelledby': 'claims' },
    heading(2, 'The paper’s claims on this model', 'claims'),
    paragraph(
      'Each claim was published for CLIP ViT-B on other data; here it is put to the runs of this project, by the rule written below it, ' +
        'whichever way it falls.',
    ),
    overview,
    ...claims.map((claim, at) => claimArticle(claim, findings[at])),
  );
}

function claimArticle(
  { id, title, statement, rule, published }: Claim,
  findings: readonly (ReturnType<Claim['test']> & { group: RunGroup })[],
): string {
  const found = findings.map(({ group, verdict, summary, table }) => {
    const label = `${labelWithSeeds(group)}: `;
    const answer = element('span', { class: `verdict ${colours[verdict]}` }, escapeText(verdict));
    const numbers = table
      ? element(
          'details',
          {},
          element('summary', {}, 'Numbers'),
          htmlTable(`${title}: ${labelWithSeeds(group)}`, table),
        )
      : '';
    return element(
      'div',
      { class: 'finding' },
      element('p', {}, escapeText(label), answer, escapeText(`. ${summary}`)),
      numbers,
    );
  });
  return element(
    'article',
    { class: 'claim', 'aria-labelledby': `claim-${id}` },
    heading(3, title, `claim-${id}`),
    paragraph(statement),
    ...found,
    paragraph(`Rule: ${rule}`, 'quiet'),
    paragraph(`Published: ${published}`, 'quiet'),
  );
}
