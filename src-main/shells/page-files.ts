import { readFile } from 'node:fs/promises';
import path from 'node:path';

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
];

/**
 * The answer to one request for a file below `folder`: 404, or the file with the headers of a locked-down page.
 * `socket` is the address the page may speak to; a window of Electron needs none.
 */
export async function pageFile(folder: string, url: string, socket?: string): Promise<Response> {
  const file = fileFor(path.resolve(folder), new URL(url).pathname);
  const mediaType = file && mediaTypes[path.extname(file)];
  const body = mediaType && (await readFile(file).catch(() => undefined));
  if (!body) return new Response(null, { status: 404 });
  const policy = socket ? [...contentSecurityPolicy, `connect-src ${socket}`] : contentSecurityPolicy;
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      // Files of the bundle are named by what is in them; the page itself is not.
      'cache-control': file.includes(`${path.sep}assets${path.sep}`)
        ? 'private, max-age=31536000, immutable'
        : 'no-cache',
    },
  });
}

function fileFor(root: string, pathname: string): string | undefined {
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
