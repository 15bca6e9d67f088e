import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { figures } from '../figures/index.ts';
import { finishJob, markJobRunning, queueJob } from '../store/jobs.ts';
import type { Project } from '../store/project-folder.ts';
import { writeResult } from '../store/results.ts';
import { runById } from '../store/runs.ts';
import { runInProject, temporaryDir, temporaryProject } from '../store/test-project.ts';
import { randomResults } from '../testing/random-results.ts';
import { writeRunFigures } from './figures.ts';
import { writeReport } from './report.ts';

/** A run with every section stored and its job ended. */
async function finishedRun(project: Project, seed: number): Promise<string> {
  const { id } = await runInProject(project, seed);
  const { schemaVersion, run, timings, ...sections } = randomResults({ layers: 2, seed });
  for (const [key, section] of Object.entries(sections)) {
    await writeResult(project, { runId: id, stage: key, key, section, seconds: 1 });
  }
  const job = await queueJob(project, id);
  await markJobRunning(project, job.id);
  await finishJob(project, job.id, 'succeeded');
  return id;
}

it('shows finished runs, lists the others, and replaces an older report', async () => {
  const project = await temporaryProject(onTestFinished);
  const finished = [await finishedRun(project, 0), await finishedRun(project, 1)];
  const { id: open } = await runInProject(project, 2);
  await writeFile(join(project.dir, 'report.html'), 'old');
  const written = await writeReport(project);
  expect(written).toEqual({ file: join(project.dir, 'report.html'), finished, unfinished: [open] });
  const html = await readFile(written.file, 'utf8');
  for (const id of finished) expect(html).toContain(`id="run-${id}"`);
  expect(html).toContain('not started');
  expect((await readdir(project.dir)).filter((name) => name.includes('report'))).toEqual(['report.html']);

  const elsewhere = join(await temporaryDir(onTestFinished), 'new', 'page.html');
  expect((await writeReport(project, elsewhere)).file).toBe(elsewhere);
  expect(await readFile(elsewhere, 'utf8')).toBe(html);
});

it('writes the figures of a run with the hashes of the project', async () => {
  const project = await temporaryProject(onTestFinished);
  const id = await finishedRun(project, 0);
  const dir = join(project.dir, 'figures', id);
  const files = await writeRunFigures(project, id, dir);
  // Every figure but the retrieval sheet, which needs images: three forms in two widths, CSV and sidecar.
  expect(files).toHaveLength((figures.length - 1) * 8);
  const sidecar = JSON.parse(await readFile(join(dir, 'audit.json'), 'utf8'));
  expect(sidecar.provenance.runs).toEqual([
    {
      id,
      configHash: (await runById(project, id)).recipeHash,
      seed: 0,
      model: { name: 'mini-clip', sha256: 'ab' },
      dataset: { name: 'emoji', sha256: 'cd' },
    },
  ]);
});
