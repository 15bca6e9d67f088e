import { protocol } from 'electron';
import { type PageSource, respond } from '../page.ts';

/** Where the page lives: a standard, secure scheme of our own, so that no page is ever read from file://. */
export const appOrigin = 'app://strata';

/** Before app is ready: makes app:// a scheme with an origin, like https. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

/** After app is ready: serves the page and the project's images as app://strata/, and nothing else. */
export function serveApp(page: PageSource): void {
  protocol.handle('app', async (request) =>
    request.url.startsWith(`${appOrigin}/`) ? respond(page, request) : new Response(null, { status: 404 }),
  );
}
