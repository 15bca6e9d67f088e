import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ThumbnailService } from '../jobs/thumbnail-service.ts';
import { importImages } from '../pipeline/import-dataset.ts';
import { Thumbnails } from '../pipeline/thumbnails.ts';
import { findImage } from '../store/find-image.ts';
import { createProject } from '../store/project.ts';
import type { Project } from '../store/project-folder.ts';
import { ProjectImages } from './images.ts';

let dir: string;
let project: Project;
let images: ProjectImages;

/** Class folders with one flat picture each; a wide one among them. */
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'strata-images-'));
  for (const [name, colour, width] of [
    ['blue', '#0000ff', 80],
    ['red', '#ff0000', 600],
  ] as const) {
    const folder = path.join(dir, 'set/train', name);
    await mkdir(folder, { recursive: true });
    const picture = sharp({ create: { width, height: 40, channels: 3, background: colour } });
    await picture.png().toFile(path.join(folder, `${name}.png`));
  }
  project = await createProject(path.join(dir, 'project'));
  await importImages(project, path.join(dir, 'set'), { name: 'two-colours' });
  images = new ProjectImages(async () => project, new Thumbnails());
});

afterAll(async () => {
  await images.close();
  await project.close();
  await rm(dir, { recursive: true });
});

const get = (address: string, headers: Record<string, string> = {}) =>
  images.respond({ url: `app://strata/image/${address}`, headers: new Headers(headers) });

async function picture(answer: Response) {
  const { data, info } = await sharp(await answer.arrayBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixel: [...data.subarray(0, 3)], width: info.width, height: info.height };
}

test('an image by data set and index, made smaller, never larger', async () => {
  const small = await get('two-colours/0?size=96');
  expect(small.headers.get('content-type')).toBe('image/webp');
  expect(await picture(small)).toEqual({ pixel: [0, 0, 255], width: 80, height: 40 });
  expect(await picture(await get('two-colours/1?size=96'))).toMatchObject({ width: 96, height: 6 });
  const { pixel, width } = await picture(await get('two-colours/1'));
  expect(width).toBe(600);
  expect(pixel[0]).toBeGreaterThan(240);
});

test('it is known by its hash: asked for again it costs nothing, and with the hash it may be kept', async () => {
  const stored = await findImage(project, 'two-colours', 1);
  const first = await get('two-colours/1?size=64');
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toBe(`"${stored?.sha256}-64"`);
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  expect((await get('two-colours/1?size=64', { 'if-none-match': etag })).status).toBe(304);
  expect((await get('two-colours/1?size=32', { 'if-none-match': etag })).status).toBe(200);
  const versioned = await get(`two-colours/1?size=64&v=${stored?.sha256.slice(0, 12)}`);
  expect(versioned.headers.get('cache-control')).toContain('immutable');
  expect((await get('two-colours/1?size=64&v=00000000')).headers.get('cache-control')).toContain('no-cache');
});

test.each(['two-colours', 'two-colours/', 'two-colours/-1', 'two-colours/1.5', 'two-colours/0/1'])(
  '/image/%s is malformed',
  async (address) => {
    expect((await get(address)).status).toBe(400);
  },
);

test.each(['size=15', 'size=2049', 'size=1e3', 'size=', 'size=96px', 'v=', 'v=xyz', 'v=0123'])(
  '?%s is malformed',
  async (query) => {
    expect((await get(`two-colours/0?${query}`)).status).toBe(400);
  },
);

test.each(['two-colours/2', 'other/0', '..%2Ftwo-colours/0', '..%2F..%2Fset%2Ftrain/0', '%00/0'])(
  '/image/%s is not found',
  async (address) => {
    expect((await get(address)).status).toBe(404);
  },
);

test('many at once are all answered, and one that nobody waits for is not drawn', async () => {
  const sizes = Array.from({ length: 40 }, (_, at) => 100 + at);
  const answers = await Promise.all(sizes.map((size) => get(`two-colours/1?size=${size}`)));
  expect(await Promise.all(answers.map(async (answer) => (await picture(answer)).width))).toEqual(sizes);
  const url = 'app://strata/image/two-colours/1?size=333';
  const given = await images.respond({ url, headers: new Headers(), signal: AbortSignal.abort() });
  expect(given.status).toBe(404);
});

test('a process of its own draws the same, and is started again after a crash', async () => {
  const service = new ThumbnailService();
  const elsewhere = new ProjectImages(async () => project, service);
  const ask = (address: string) => elsewhere.respond({ url: `app://strata/image/${address}`, headers: new Headers() });
  const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
  const there = await bytes(await ask('two-colours/1?size=70'));
  expect(there.equals(await bytes(await get('two-colours/1?size=70')))).toBe(true);
  const lost = ask('two-colours/1?size=71');
  await service.close();
  expect([200, 404]).toContain((await lost).status);
  await expect.poll(async () => (await ask('two-colours/1?size=72')).status).toBe(200);
  await elsewhere.close();
});

test('a file that is gone is not found', async () => {
  await rm(path.join(dir, 'set/train/blue/blue.png'));
  expect((await get('two-colours/0?size=50')).status).toBe(404);
  expect((await get('two-colours/0?size=96')).status).toBe(200);
});
