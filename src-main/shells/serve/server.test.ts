import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { rpcContract } from '../../contract/rpc/index.ts';
import { Thumbnails } from '../../pipeline/thumbnails.ts';
import { ProjectImages } from '../images.ts';
import { Workbench } from '../rpc/workbench.ts';
import { serve } from './server.ts';

async function serving(port = 0) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'strata-serve-'));
  await writeFile(path.join(folder, 'index.html'), '<p>page</p>');
  const workbench = new Workbench('1.2.3');
  const images = new ProjectImages(() => workbench.project(), new Thumbnails());
  const server = await serve(workbench, { folder, images }, port);
  onTestFinished(async () => {
    await server.close();
    await workbench.close();
    await rm(folder, { recursive: true });
  });
  const entered = await fetch(server.url, { redirect: 'manual' });
  return { ...server, cookie: entered.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

test('whoever has the address gets the page and its answers', async () => {
  const { port, cookie } = await serving();
  const origin = `http://127.0.0.1:${port}`;
  expect(await (await fetch(`${origin}/`, { headers: { cookie } })).text()).toBe('<p>page</p>');
  expect((await fetch(`${origin}/`)).status).toBe(401);

  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { cookie, origin } });
  const link = new RPCLink({ websocket: socket as never });
  const client: ContractRouterClient<typeof rpcContract> = createORPCClient(link);
  expect(await client.system.info()).toMatchObject({ strata: '1.2.3', shell: 'serve' });
  expect(await client.project.summary()).toBeNull();
  await expect(client.jobs.list()).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  socket.close();
});

test('a port that is taken is named, with what to do', async () => {
  const { port } = await serving();
  await expect(serving(port)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(new RegExp(`port ${port} .* is taken .*--port`)),
  });
});

test('two workbenches at once do not know each other’s cookies', async () => {
  const [one, other] = [await serving(), await serving()];
  expect(one.cookie.split('=')[0]).not.toBe(other.cookie.split('=')[0]);
  expect((await fetch(`http://127.0.0.1:${one.port}/`, { headers: { cookie: other.cookie } })).status).toBe(401);
});
