import type { Results } from '../../contract/results.ts';

const words = {
  cascade: 'cascaded replacement',
  contribution: 'contribution scores',
  necessity: 'necessity and sufficiency of the sources',
  audit: 'audit by ablation',
  auditSpearman: 'the audit’s rank correlation',
  prompts: 'accuracy by prompt template',
  retrieval: 'retrieval precision',
} as const satisfies Partial<Record<keyof Results, string>>;

/** What a run has not measured, in words. */
export function missingSections(results: Results): string[] {
  return Object.entries(words)
    .filter(([key]) => results[key as keyof typeof words] === undefined)
    .map(([, name]) => name);
}
