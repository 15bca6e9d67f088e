import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FigureFormat } from '../contract/rpc/figures.ts';
import { addToBasket, changeInBasket, moveInBasket } from '../store/figure-basket.ts';
import type { Project } from '../store/project-folder.ts';
import { runInProject, temporaryProject } from '../store/test-project.ts';
import { storeRandomResults } from '../testing/stored-results.ts';
import { type DrawnFigure, drawFigure } from './figure-files.ts';
import { writeRunFigures } from './figures.ts';
import { writeBasket } from './questions/render-figures.ts';

const { signal } = new AbortController();
const atEnd: (() => Promise<void>)[] = [];
let dir: string;
let project: Project;
let runs: string[];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strata-figure-files-'));
  project = await temporaryProject((action) => atEnd.unshift(action));
  const [first, second] = [await runInProject(project), await runInProject(project, 1)];
  await storeRandomResults(project, first, { layers: 4 });
  await storeRandomResults(project, second, { layers: 4 });
  runs = [first.id, second.id];
});
afterAll(async () => {
  for (const action of atEnd) await action();
  rmSync(dir, { recursive: true });
});

test('every file of a figure has the bytes that the command line writes', async () => {
  const [run] = runs;
  const files = await writeRunFigures(project, run, join(dir, 'written'));
  const drawings = files.filter((file) => !file.endsWith('.json'));
  expect(drawings.length).toBeGreaterThan(40);
  const drawn = new Map<string, Promise<DrawnFigure>>();
  for (const file of drawings) {
    const [, figure, width = 'single', format] = /^(.*?)(?:-(single|double))?\.(\w+)$/.exec(basename(file)) ?? [];
    const order = { figure, runs: [run], width: width as 'single' | 'double' };
    const key = `${figure}/${width}`;
    if (!drawn.has(key)) drawn.set(key, drawFigure(project, order));
    const found = await drawn.get(key);
    expect(found?.fileName(format as FigureFormat)).toBe(basename(file));
    expect(await found?.content(format as FigureFormat), file).toEqual(readFileSync(file));
  }
}, 60_000);

test('a caption of one’s own goes into the file in place of the figure’s', async () => {
  const order = { figure: 'audit', runs: [runs[0]], width: 'double' as const };
  const own = await drawFigure(project, { ...order, caption: 'What I think of it.' });
  const plain = await drawFigure(project, { ...order, caption: null });
  expect(own.caption).toBe('What I think of it.');
  expect((await own.content('svg')).toString()).toContain('<desc>What I think of it.</desc>');
  expect(plain.caption).toContain('Accuracy that the frozen model loses');
});

test('the basket is written in its order, each figure in its formats with a sidecar', async () => {
  await expect(writeBasket(project, undefined, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const audit = await addToBasket(project, { figure: 'audit', runs: [runs[0]] });
  const cascade = await addToBasket(project, { figure: 'cascade', runs });
  await changeInBasket(project, audit.id, { width: 'single', formats: ['svg', 'csv'], caption: 'Mine.' });
  await moveInBasket(project, cascade.id, 0);
  const { dir: folder, files } = await writeBasket(project, undefined, signal);
  const names = ['01-cascade-double.pdf', '01-cascade.json', '02-audit-single.svg', '02-audit.csv', '02-audit.json'];
  expect(files.map((file) => basename(file)).sort()).toEqual(names);
  expect(readdirSync(folder).sort()).toEqual(names);
  const sidecar = JSON.parse(readFileSync(join(folder, '02-audit.json'), 'utf8'));
  expect(sidecar).toMatchObject({
    id: 'audit',
    caption: 'Mine.',
    widthInches: { single: 3.25 },
    files: ['02-audit-single.svg', '02-audit.csv'],
    provenance: { runs: [{ id: runs[0] }] },
  });
  const order = { figure: 'cascade', runs, width: 'double' as const };
  const pdf = await (await drawFigure(project, order)).content('pdf');
  expect(readFileSync(join(folder, '01-cascade-double.pdf'))).toEqual(pdf);

  // One that cannot be drawn leaves what is there as it was.
  await addToBasket(project, { figure: 'necessity', runs });
  await expect(writeBasket(project, undefined, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(readdirSync(join(folder, '..'))).toEqual(['basket']);
  expect(readdirSync(folder).sort()).toEqual(names);
});

test('what cannot be drawn is said in words', async () => {
  const order = { runs, width: 'double' as const };
  await expect(drawFigure(project, { ...order, figure: 'nothing' })).rejects.toThrow('there is no figure nothing');
  await expect(drawFigure(project, { ...order, figure: 'audit' })).rejects.toThrow('together have no numbers for');
  await expect(drawFigure(project, { ...order, runs: ['other'], figure: 'audit' })).rejects.toThrow('has no run other');
});
