import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the page lives: a standard, secure scheme of our own, so that no page is ever read from file://. */
export const appOrigin = 'app://strata';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

// Mantine and Recharts set style attributes; scripts come from the bundle alone.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The answer to one request for a file below `folder`: 405, 404 or the file with the headers of a locked-down page. */
export async function respond(folder: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  if (request.method !== 'GET') return new Response(null, { status: 405 });
  const file = fileFor(path.resolve(folder), request.url);
  const mediaType = file && mediaTypes[path.extname(file)];
  const body = mediaType && (await readFile(file).catch(() => undefined));
  if (!body) return new Response(null, { status: 404 });
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    },
  });
}

function fileFor(root: string, address: string): string | undefined {
  const { protocol: scheme, host, pathname } = new URL(address);
  if (`${scheme}//${host}` !== appOrigin) return undefined;
  let relative: string;
  try {
    relative = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (relative.includes('\0')) return undefined;
  const file = path.resolve(root, `.${relative === '/' ? '/index.html' : relative}`);
  return file.startsWith(root + path.sep) ? file : undefined;
}
