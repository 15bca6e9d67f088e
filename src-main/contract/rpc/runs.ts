import { z } from 'zod';
import { resultsSchema } from '../results.ts';
import { procedure } from './procedure.ts';

export const runsContract = {
  /** The results document. */
  results: procedure.input(z.object({ runId: z.string() })).output(resultsSchema),
};
