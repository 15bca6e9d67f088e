import { resultsDocument } from '../../store/results.ts';
import { answer, openedProject } from './answer.ts';

export const runsRouter = {
  results: answer.runs.results.handler(async ({ context, input }) =>
    resultsDocument(await openedProject(context), input.runId),
  ),
};
