import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright';
import { chromiumOptions } from '../e2e/standin/chromium.ts';
import { startJob } from '../src-main/jobs/start-job.ts';
import { resolveSource } from '../src-main/pipeline/source.ts';
import { Thumbnails } from '../src-main/pipeline/thumbnails.ts';
import { ProjectImages } from '../src-main/shells/images.ts';
import { Workbench } from '../src-main/shells/rpc/workbench.ts';
import { serve } from '../src-main/shells/serve/server.ts';
import { eventsAfter } from '../src-main/store/events.ts';
import type { Project } from '../src-main/store/project-folder.ts';
import { runOf } from '../src-main/store/runs.ts';
import { demoProject, recipeOf } from '../src-main/testing/project.ts';

const rounds = 8;
const phaseSeconds = 20;
/** After a page came or went. */
const settleSeconds = 3;

/**
 * What a page that watches a run costs its training: steps a second of one and the same training, by turns with the run's
 * page open in Chromium on this machine and with that browser empty. Needs `npm run build`, and says so.
 */
export async function benchWatching(): Promise<string[]> {
  const folder = resolveSource('embedded:out/renderer');
  if (!existsSync(folder)) return ['watching a training: npm run build first, for there is no page to watch it with'];
  const dir = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const project = await demoProject(join(dir, 'project'));
  const workbench = new Workbench('bench', project.dir);
  const images = new ProjectImages(() => workbench.project(), new Thumbnails());
  const server = await serve(workbench, { folder, images });
  const browser = await chromium.launch(chromiumOptions);
  const recipe = recipeOf({
    capture: { maxImages: 500 },
    train: { steps: 1_000_000, evaluateEvery: 5, checkpointEvery: 1_000_000 },
  });
  const { id } = await runOf(project, recipe);
  const running = await startJob(project, id);
  try {
    const context = await browser.newContext();
    // The first visit is given the cookie that the others need.
    await visit(context, server.url, async () => undefined);
    while ((await stepsSince(project, running.job.id, 0)).length < 3) await sleep(500);
    const clock = await browser.newBrowserCDPSession();
    const used = { alone: 0, watched: 0 };
    const seen: Record<'alone' | 'watched', number>[] = [];
    for (let round = 0; round < rounds; round++) {
      const speeds = { alone: 0, watched: 0 };
      // The order alternates, so that a drift of the machine's speed favours neither.
      const order = round % 2 === 0 ? (['alone', 'watched'] as const) : (['watched', 'alone'] as const);
      for (const phase of order) {
        const measure = async (page?: Page) => {
          await sleep(1000 * settleSeconds);
          const before = await cpuSeconds(clock);
          const started = performance.now();
          speeds[phase] = await stepsPerSecond(project, running.job.id);
          used[phase] += (1000 * ((await cpuSeconds(clock)) - before)) / (performance.now() - started) / rounds;
          if (page) await checkIsFollowing(page);
        };
        if (phase === 'alone') await measure();
        else await visit(context, `${new URL(server.url).origin}/#/runs/${id}`, measure);
      }
      seen.push(speeds);
    }
    return [...report(seen), reportCpu(used)];
  } finally {
    await running.cancel();
    await running.finished;
    await browser.close();
    await server.close();
    await images.close();
    await workbench.close();
    await project.close();
    await rm(dir, { recursive: true });
  }
}

async function visit(context: BrowserContext, address: string, look: (page: Page) => Promise<void>): Promise<void> {
  const page = await context.newPage();
  await page.goto(address);
  await look(page);
  await page.close();
}

async function stepsPerSecond(project: Project, jobId: string): Promise<number> {
  const from = Date.now();
  await sleep(1000 * phaseSeconds);
  const steps = await stepsSince(project, jobId, from);
  const [first, last] = [steps[0], steps[steps.length - 1]];
  return (1000 * (last.done - first.done)) / (last.time - first.time);
}

/** What training said of its progress, once a second. */
async function stepsSince(project: Project, jobId: string, from: number): Promise<{ time: number; done: number }[]> {
  const found: { time: number; done: number }[] = [];
  for (let seq = 0; ; ) {
    const records = await eventsAfter(project, jobId, seq);
    if (records.length === 0) return found;
    for (const { time, event } of records) {
      const at = Date.parse(time);
      if (event.type === 'progress' && event.stage === 'train' && at >= from)
        found.push({ time: at, done: event.done });
    }
    seq = records[records.length - 1].seq;
  }
}

/** A page that shows nothing would cost nothing. */
async function checkIsFollowing(page: Page): Promise<void> {
  const loss = page.getByRole('slider', { name: 'Loss: step' });
  const read = async () => Number(await loss.getAttribute('aria-valuemax'));
  const before = await read();
  for (let tries = 0; (await read()) <= before; tries++) {
    if (tries > 600) throw new Error('the page does not follow the training');
    await sleep(100);
  }
}

/**
 * What this process, which serves the page, and the browser have computed so far. Unlike the speeds it says the same on
 * a machine that has other things to do.
 */
async function cpuSeconds(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const { user, system } = process.cpuUsage();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, (user + system) / 1e6);
}

function reportCpu({ alone, watched }: Record<'alone' | 'watched', number>): string {
  const share = (watched - alone) / cpus().length;
  const cores = (value: number) => value.toFixed(3);
  return `  browser and server compute on ${cores(alone)} cores, watching on ${cores(watched)}: ${(100 * share).toFixed(1)} % of this machine more`;
}

function report(seen: readonly Record<'alone' | 'watched', number>[]): string[] {
  const ratios = seen.map(({ alone, watched }) => alone / watched).sort((a, b) => a - b);
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const middle = (ratios[(ratios.length - 1) >> 1] + ratios[ratios.length >> 1]) / 2;
  return [
    `watching a training (demo recipe, a point every 5 steps), ${rounds} rounds of ${phaseSeconds} s each way`,
    `  alone ${median(seen.map(({ alone }) => alone)).toFixed(2)} steps/s, watched ${median(seen.map(({ watched }) => watched)).toFixed(2)} steps/s`,
    `  a step takes ${middle.toFixed(3)} times as long when watched (rounds: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')})`,
  ];
}
