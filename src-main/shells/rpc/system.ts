import { probeEngine } from '../../jobs/probe-engine.ts';
import { answer } from './answer.ts';

let probes: ReturnType<typeof probeEngine> | undefined;

export const systemRouter = {
  info: answer.system.info.handler(({ context }) => ({
    strata: context.workbench.version,
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    platform: process.platform,
    arch: process.arch,
    shell: context.workbench.shell.kind,
  })),
  providers: answer.system.providers.handler(() => {
    probes ??= probeEngine().catch((error: unknown) => {
      probes = undefined;
      throw error;
    });
    return probes;
  }),
  chooseFolder: answer.system.chooseFolder.handler(({ context }) => context.workbench.shell.chooseFolder()),
  recentProjects: answer.system.recentProjects.handler(({ context }) => context.workbench.shell.recent.list()),
};
