import { type JobEvent, type JobEventRecord, jobEventRecordSchema, jobEventSchema } from '../contract/events.ts';
import type { Project } from './project-folder.ts';

/**
 * Appends an event to a job and returns it with its number. Synchronous, unlike the rest of the store: when this
 * returns, the event outlives a crash of the process, however long the computation that follows blocks it.
 */
export function appendEvent(project: Project, jobId: string, event: JobEvent): JobEventRecord {
  const time = new Date().toISOString();
  const insert = project.db
    .insertInto('events')
    .columns(['jobId', 'seq', 'time', 'type', 'payload'])
    .expression((eb) =>
      eb
        .selectFrom('events')
        .where('jobId', '=', jobId)
        .select(({ fn, val }) => [
          val(jobId).as('jobId'),
          eb(fn.coalesce(fn.max('seq'), val(0)), '+', 1).as('seq'),
          val(time).as('time'),
          val<string>(event.type).as('type'),
          val(JSON.stringify(jobEventSchema.parse(event))).as('payload'),
        ]),
    )
    .returning('seq')
    .compile();
  const seq = project.sqlite
    .prepare<unknown[], number>(insert.sql)
    .pluck()
    .get(...insert.parameters);
  if (seq === undefined) throw new Error(`event of job ${jobId} was not stored`);
  return { jobId, seq, time, event };
}

/** The job's events numbered above `afterSeq` (0 for all), in order, at most `limit`. */
export async function eventsAfter(
  project: Project,
  jobId: string,
  afterSeq: number,
  limit = 1000,
): Promise<JobEventRecord[]> {
  const rows = await project.db
    .selectFrom('events')
    .select(['seq', 'time', 'payload'])
    .where('jobId', '=', jobId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(({ seq, time, payload }) =>
    jobEventRecordSchema.parse({ jobId, seq, time, event: JSON.parse(payload) }),
  );
}
