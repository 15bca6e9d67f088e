import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { StrataError } from '../../../contract/errors.ts';
import { probeEngine } from '../../../jobs/probe-engine.ts';
import { gigabytes, table } from '../format.ts';
import { answer, type OutputOptions } from '../output.ts';
import { strataVersion } from '../version.ts';

/** Says what this machine has for Strata to work with. Fails when nothing computes here. */
export async function doctor({ project, json }: OutputOptions & { project?: string }): Promise<void> {
  const folder = resolve(project ?? '.');
  const disk = await statfs(folder).catch((cause: Error) => {
    throw new StrataError('NOT_FOUND', `${folder} cannot be looked at: ${cause.message}`, { cause });
  });
  const providers = await probeEngine();
  const report = {
    strata: strataVersion,
    node: process.versions.node,
    onnxruntime: packageVersion('onnxruntime-node'),
    sqlite: packageVersion('better-sqlite3'),
    platform: `${platform()} ${release()} ${arch()}`,
    processors: { count: cpus().length, model: cpus()[0]?.model.trim() ?? 'unknown' },
    memory: { total: totalmem(), free: freemem() },
    disk: { folder, total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize },
    providers,
  };
  const facts = [
    ['Strata', report.strata],
    ['Node', report.node],
    ['onnxruntime-node', report.onnxruntime],
    ['better-sqlite3', report.sqlite],
    ['platform', report.platform],
    ['processors', `${report.processors.count} x ${report.processors.model}`],
    ['memory', `${gigabytes(report.memory.free)} free of ${gigabytes(report.memory.total)}`],
    ['disk', `${gigabytes(report.disk.free)} free of ${gigabytes(report.disk.total)} at ${folder}`],
  ];
  const proven = providers.map(({ name, ok, detail, milliseconds }) => [
    name,
    ok ? 'works' : 'no',
    ok ? `${detail} in ${milliseconds} ms` : detail,
  ]);
  answer({ json }, report, `${table(facts)}\n\nexecution providers, each tried\n${table(proven)}`);
  if (!providers.some(({ ok }) => ok)) {
    throw new StrataError(
      'PROVIDER_UNAVAILABLE',
      'no execution provider works on this machine; reinstall with: npm ci',
    );
  }
}

function packageVersion(name: string): string {
  const require = createRequire(import.meta.url);
  const manifest: unknown = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
