import type { FigureTable } from '../figure.ts';
import type { RunGroup } from '../run-groups.ts';

/** `in part` and `undecided` are answers too: the rule beside a claim says when each is given. */
export type Verdict = 'holds' | 'holds in part' | 'does not hold' | 'undecided' | 'not measured';

export interface Finding {
  verdict: Verdict;
  /** What was found, in a sentence or two with the numbers that decide. */
  summary: string;
  table?: FigureTable;
}

/** A claim of the paper, or a test of one, with the rule by which measured numbers decide it. */
export interface Claim {
  id: string;
  title: string;
  statement: string;
  rule: string;
  published: string;
  /** The finding for one recipe, over its seeds. */
  test(group: RunGroup): Finding;
}

/** The verdict over several conditions that must all hold. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not measured';
  if (verdicts.includes('does not hold')) return 'does not hold';
  return verdicts.every((verdict) => verdict === 'holds') ? 'holds' : 'undecided';
}

export const notMeasured = (what: string): Finding => ({ verdict: 'not measured', summary: `Not measured: ${what}.` });
