import { z } from 'zod';
import type { Project } from './project-folder.ts';
import { runById } from './runs.ts';

/** What a person says about a run. */
export interface RunNotes {
  /** Each once, in the order given. */
  tags: string[];
  note: string;
}

const tagsSchema = z.array(z.string());

/** The notes of all runs that have some, by run. */
export async function listRunNotes(project: Project): Promise<Map<string, RunNotes>> {
  const rows = await project.db.selectFrom('runNotes').selectAll().execute();
  return new Map(rows.map(({ runId, tags, note }) => [runId, { tags: tagsSchema.parse(JSON.parse(tags)), note }]));
}

/** Replaces a run's notes. NOT_FOUND when there is no such run. */
export async function writeRunNotes(project: Project, runId: string, { tags, note }: RunNotes): Promise<void> {
  await runById(project, runId);
  const row = { tags: JSON.stringify([...new Set(tags)]), note };
  await project.db
    .insertInto('runNotes')
    .values({ runId, ...row })
    .onConflict((conflict) => conflict.column('runId').doUpdateSet(row))
    .execute();
}
