import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { utilityProcess } from 'electron';
import { engineEnvironment, engineFlags, type Launch } from '../../jobs/launch.ts';

/**
 * Starts the bundled hosts in `folder` as utility processes: a packaged application's binary does not run as Node, and
 * so cannot be forked.
 */
export function launchUtility(folder: string): Launch {
  return (host, { args = [], output }) => {
    const toFile = typeof output === 'object';
    const child = utilityProcess.fork(path.join(folder, `${host}.js`), [...args], {
      serviceName: `Strata ${host}`,
      execArgv: engineFlags,
      env: { ...process.env, ...engineEnvironment },
      stdio: ['ignore', toFile ? 'pipe' : 'ignore', toFile ? 'pipe' : output === 'errors' ? 'inherit' : 'ignore'],
    });
    if (toFile) {
      const log = createWriteStream(output.file, { flags: 'a' });
      // A full disk must not end the window; the host says itself what it cannot write.
      log.on('error', () => undefined);
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => log.write(chunk));
      child.once('exit', () => log.end());
    }
    return {
      send: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', listener),
      kill: () => child.kill(),
      ended: new Promise((resolve) => {
        child.once('error', (kind, place) => resolve(`broke down (${kind} at ${place})`));
        child.once('exit', (code) => resolve(`ended with exit code ${code}`));
      }),
    };
  };
}
