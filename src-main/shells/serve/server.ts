import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { StrataError } from '../../contract/errors.ts';
import { type PageSource, respond } from '../page.ts';
import type { Workbench } from '../rpc/workbench.ts';
import { Guard } from './guard.ts';
import { socketAnswerer } from './serve-socket.ts';

/** Only this machine reaches it; a browser elsewhere comes through a forwarded port (ssh -L). */
const loopback = '127.0.0.1';

/** As long as `parseRpcMessage` accepts, in bytes of UTF-8. */
const maxPayload = 4 << 20;

const socketPath = '/rpc';

export interface Serving {
  port: number;
  token: string;
  /** The address to open, token and all. */
  url: string;
  close(): Promise<void>;
}

/** Serves the pages and answers them. USAGE when the port cannot be had; port 0 takes a free one. */
export async function serve(workbench: Workbench, page: PageSource, port = 0): Promise<Serving> {
  const guard = new Guard();
  const server = createAdaptorServer({ fetch: pageApp(guard, page).fetch, hostname: loopback }) as Server;
  const sockets = new WebSocketServer({ noServer: true, maxPayload });
  sockets.on('connection', socketAnswerer({ workbench }));
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const headers = { get: (name: string) => request.headersDistinct[name]?.join(', ') ?? null };
    const url = request.url ?? '';
    const verdict = guard.judge({ method: request.method ?? '', url, headers });
    if ('refuse' in verdict) return refuseUpgrade(socket, verdict.refuse);
    // Only browsers open sockets here, and they name the page's origin.
    if (headers.get('origin') === null) return refuseUpgrade(socket, 403);
    if (!('admit' in verdict) || url !== socketPath) return refuseUpgrade(socket, 404);
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  await listening(server, port);
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    token: guard.token,
    url: `http://${loopback}:${taken}/?token=${guard.token}`,
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'strata serve has ended');
      const closed = new Promise((resolve) => server.close(resolve));
      // Browsers keep connections open in case they need them again.
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, 200);
      await closed;
    },
  };
}

function pageApp(guard: Guard, page: PageSource): Hono {
  const app = new Hono();
  app.all('*', (context) => {
    const { raw: request } = context.req;
    const verdict = guard.judge(request);
    if ('refuse' in verdict) return plain(verdict.refuse, verdict.why);
    if ('enter' in verdict) {
      const headers = { location: verdict.enter, 'set-cookie': verdict.cookie, ...unkept };
      return new Response(null, { status: 303, headers });
    }
    return respond(page, request, `ws://${request.headers.get('host')}`);
  });
  app.onError((error) => {
    console.error(error);
    return plain(500, 'something went wrong inside Strata; the terminal says more');
  });
  return app;
}

const unkept = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

function plain(status: number, text: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...unkept };
  return new Response(`${text}\n`, { status, headers });
}

function refuseUpgrade(socket: Duplex, status: 401 | 403 | 404): void {
  const reasons = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' };
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be had (${cause.message})`;
      const advice = 'give another one with --port, or leave it out for a free one';
      reject(new StrataError('USAGE', `port ${port} of ${loopback} ${why}; ${advice}`, { cause }));
    });
    server.listen(port, loopback, () => resolve());
  });
}
