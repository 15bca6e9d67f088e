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
  })),
  providers: answer.system.providers.handler(() => {
    probes ??= probeEngine();
    return probes;
  }),
};
