import type { ProjectImages } from './images.ts';
import { pageFile } from './page-files.ts';

/** What a window fetches, in either shell: the files of the built page, and images of the open project. */
export interface PageSource {
  /** Where electron-vite put the page. */
  folder: string;
  images: ProjectImages;
}

/** 405 unless it is a GET; `socket` as for `pageFile`. */
export async function respond({ folder, images }: PageSource, request: Request, socket?: string): Promise<Response> {
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } });
  const { pathname } = new URL(request.url);
  // Browsers ask for it unbidden; the page's icon is its own affair.
  if (pathname === '/favicon.ico') return new Response(null, { status: 204 });
  return pathname.startsWith('/image/') ? images.respond(request) : pageFile(folder, request.url, socket);
}
