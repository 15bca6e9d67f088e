import { isActive, type Job } from '../../contract/job.ts';
import { listJobs } from '../../store/jobs.ts';
import type { Project } from '../../store/project-folder.ts';

export interface StartedJob {
  job: Job;
  project: Project;
}

/** Active jobs of the project that this process answers for; those of a command line elsewhere go on without it. */
export async function ownJobs(project: Project): Promise<StartedJob[]> {
  if (!project.sqlite.open) return [];
  const jobs = await listJobs(project);
  return jobs.filter((job) => isActive(job) && job.starterPid === process.pid).map((job) => ({ job, project }));
}
