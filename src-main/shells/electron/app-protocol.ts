import { protocol } from 'electron';
import { respond } from './app-files.ts';

/** Before app is ready: makes app:// a scheme with an origin, like https. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

/** After app is ready: serves the files of `folder`, and nothing outside it, as app://strata/. */
export function serveApp(folder: string): void {
  protocol.handle('app', (request) => respond(folder, request));
}
