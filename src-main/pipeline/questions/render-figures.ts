import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../../contract/errors.ts';
import type { FigureFormat } from '../../contract/rpc/figures.ts';
import { figures } from '../../figures/index.ts';
import { basketItems } from '../../store/figure-basket.ts';
import type { Project } from '../../store/project-folder.ts';
import { drawFigure, type FigureOrder } from '../figure-files.ts';

/** Every figure there is, by the code that draws them. */
export async function listFigures(): Promise<{ id: string; title: string }[]> {
  return figures.map(({ id, title }) => ({ id, title }));
}

/** One file of a figure. NOT_FOUND as drawFigure. */
export async function renderFigure(
  project: Project,
  { format, ...order }: FigureOrder & { format: FigureFormat },
): Promise<{ title: string; caption: string; fileName: string; content: Buffer }> {
  const drawn = await drawFigure(project, order);
  const { title, caption } = drawn;
  return { title, caption, fileName: drawn.fileName(format), content: await drawn.content(format) };
}

/**
 * Writes the basket to figures/basket/ of the project, which is replaced as a whole when all is there: a file per figure
 * and format, numbered in order, with a sidecar. Returns absolute paths. NOT_FOUND when the basket is empty, or as
 * drawFigure.
 */
export async function writeBasket(
  project: Project,
  _input: unknown,
  signal: AbortSignal,
): Promise<{ dir: string; files: string[] }> {
  const items = await basketItems(project);
  if (items.length === 0) throw new StrataError('NOT_FOUND', 'the basket is empty; put a figure into it first');
  const dir = join(project.dir, 'figures', 'basket');
  const partial = `${dir}.${randomUUID()}.partial`;
  await mkdir(partial, { recursive: true });
  const written: string[] = [];
  try {
    for (const [place, item] of items.entries()) {
      signal.throwIfAborted();
      const drawn = await drawFigure(project, item);
      const numbered = (name: string) => `${String(place + 1).padStart(2, '0')}-${name}`;
      const names: string[] = [];
      for (const format of item.formats) {
        const name = numbered(drawn.fileName(format));
        await writeFile(join(partial, name), await drawn.content(format));
        names.push(name);
      }
      const sidecar = numbered(`${item.figure}.json`);
      await writeFile(join(partial, sidecar), drawn.sidecar(names));
      written.push(...names, sidecar);
    }
    await rm(dir, { recursive: true, force: true });
    await rename(partial, dir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return { dir, files: written.map((name) => join(dir, name)) };
}
