import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError } from '../../../contract/errors.ts';
import { resolveSource } from '../../../pipeline/source.ts';
import { Thumbnails } from '../../../pipeline/thumbnails.ts';
import { ProjectImages } from '../../images.ts';
import { plainShell } from '../../rpc/shell.ts';
import { Workbench } from '../../rpc/workbench.ts';
import { serve as startServer } from '../../serve/server.ts';
import { configFolder } from '../../settings/config-folder.ts';
import { RecentProjects } from '../../settings/recent-projects.ts';
import { answer, type OutputOptions } from '../output.ts';
import { strataVersion } from '../version.ts';

/** Shows the workbench to a browser on this machine, until Ctrl-C. The address it prints is the only way in. */
export async function serve({ project: dir, port, json }: OutputOptions & { project?: string; port?: string }) {
  const folder = resolveSource('embedded:out/renderer');
  if (!existsSync(join(folder, 'index.html'))) {
    throw new StrataError('NOT_FOUND', `${folder} has no pages to show; make them with: npm run build`);
  }
  const wanted = portOf(port);
  const recent = new RecentProjects(configFolder());
  const workbench = new Workbench(strataVersion, dir, { ...plainShell, recent });
  const images = new ProjectImages(() => workbench.project(), new Thumbnails());
  try {
    // A folder that is no project is a mistake of the command line, not a page's.
    await workbench.project();
    const server = await startServer(workbench, { folder, images }, wanted);
    const { url, token } = server;
    const document = { url, port: server.port, token };
    answer({ json }, document, `The workbench is at ${url} (Ctrl-C ends it)`);
    await interrupted();
    await server.close();
    const jobs = await workbench.jobs();
    if (jobs.length > 0) {
      process.stderr.write(`strata: ${jobs.length} unfinished job(s) stop; they can be resumed where they were\n`);
    }
  } finally {
    await images.close();
    await workbench.close();
  }
  // Imports stop with it, and leave nothing; processes of jobs notice by themselves that it is gone.
  process.exit(0);
}

function portOf(given: string | undefined): number {
  if (given === undefined) return 0;
  if (/^\d{1,5}$/.test(given) && Number(given) < 65_536) return Number(given);
  throw new StrataError('USAGE', `--port ${given}: expected a number from 0 to 65535 (0 takes a free one)`);
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
