import os from 'node:os';
import path from 'node:path';

/** Where a person's settings are kept on this system; STRATA_CONFIG_DIR names another folder. */
export function configFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home = os.homedir(),
): string {
  if (env.STRATA_CONFIG_DIR) return path.resolve(env.STRATA_CONFIG_DIR);
  if (platform === 'win32') return path.join(env.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'strata');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'strata');
  // A relative XDG_CONFIG_HOME is to be ignored, says its specification.
  const { XDG_CONFIG_HOME: given } = env;
  return path.join(given && path.isAbsolute(given) ? given : path.join(home, '.config'), 'strata');
}
