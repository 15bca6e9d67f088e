import { auditRho } from './audit.ts';
import type { Claim } from './claim.ts';
import { diagonalPatches } from './diagonal.ts';
import { topFour, topOne } from './sources.ts';
import { clsReplacement, lateWindows } from './windows.ts';

/** The paper's claims, and the audit of its scores. */
export const claims: readonly Claim[] = [lateWindows, clsReplacement, diagonalPatches, topFour, topOne, auditRho];
