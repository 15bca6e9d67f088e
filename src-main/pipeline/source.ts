import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const scheme = 'embedded:';

/** The application's own folder: the nearest one above this file that has the embedded models. */
function applicationRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'models', 'mini-clip', 'config.json'))) {
    if (dirname(dir) === dir) throw new Error('the application lacks its folder models/mini-clip');
    dir = dirname(dir);
  }
  return dir;
}

/** A model's or data set's source as the project stores it: what comes with Strata is found again on any machine. */
export function sourceOf(path: string): string {
  const inside = relative(applicationRoot(), resolve(path));
  const embedded = inside.startsWith(`models${sep}`) || inside.startsWith(`resources${sep}`);
  return embedded ? scheme + inside.split(sep).join('/') : resolve(path);
}

/** The path of a stored source on this machine. */
export function resolveSource(source: string): string {
  return isEmbedded(source) ? join(applicationRoot(), source.slice(scheme.length)) : source;
}

/** True for what comes with Strata. */
export function isEmbedded(source: string): boolean {
  return source.startsWith(scheme);
}
