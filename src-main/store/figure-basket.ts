import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import { type BasketItem, figureFormats } from '../contract/rpc/figures.ts';
import type { Project } from './project-folder.ts';

const storedRuns = z.array(z.string());
const storedFormats = z.array(z.enum(figureFormats));

/** The figures put aside in a project, in order. */
export async function basketItems(project: Project): Promise<BasketItem[]> {
  const rows = await project.db.selectFrom('figureBasket').selectAll().orderBy('position').orderBy('id').execute();
  return rows.map(({ position: _, runs, width, formats, ...item }) => ({
    ...item,
    runs: storedRuns.parse(JSON.parse(runs)),
    width: width === 'single' ? 'single' : 'double',
    formats: storedFormats.parse(JSON.parse(formats)),
  }));
}

/** Puts a figure at the end; the same figure of the same runs is there once. */
export async function addToBasket(
  project: Project,
  { figure, runs }: Pick<BasketItem, 'figure' | 'runs'>,
): Promise<BasketItem> {
  const items = await basketItems(project);
  const same = items.find((item) => item.figure === figure && item.runs.join('\n') === runs.join('\n'));
  if (same) return same;
  const item: BasketItem = { id: randomUUID(), figure, runs, width: 'double', formats: ['pdf'], caption: null };
  const last = project.db.selectFrom('figureBasket').select(({ fn }) => fn.max('position').as('position'));
  const { position } = (await last.executeTakeFirst()) ?? { position: null };
  await project.db
    .insertInto('figureBasket')
    .values({
      ...item,
      position: (position ?? -1) + 1,
      runs: JSON.stringify(runs),
      formats: JSON.stringify(item.formats),
    })
    .execute();
  return item;
}

/** Changes what is given. NOT_FOUND when another window has removed the item. */
export async function changeInBasket(
  project: Project,
  id: string,
  { width, formats, caption }: Partial<Pick<BasketItem, 'width' | 'formats' | 'caption'>>,
): Promise<void> {
  const changes = {
    ...(width === undefined ? {} : { width }),
    ...(formats === undefined ? {} : { formats: JSON.stringify(formats) }),
    ...(caption === undefined ? {} : { caption }),
  };
  const query = project.db.updateTable('figureBasket').where('id', '=', id);
  const { numUpdatedRows } = await query.set({ id, ...changes }).executeTakeFirst();
  if (numUpdatedRows === 0n) throw gone(id);
}

/** Moves an item to a place counted from 0; beyond the end is the end. NOT_FOUND when it is no longer there. */
export async function moveInBasket(project: Project, id: string, to: number): Promise<void> {
  const ids = (await basketItems(project)).map((item) => item.id);
  const from = ids.indexOf(id);
  if (from < 0) throw gone(id);
  ids.splice(from, 1);
  ids.splice(to, 0, id);
  const place = project.sqlite.prepare('update "figureBasket" set position = ? where id = ?');
  project.sqlite.transaction(() => {
    for (const [position, each] of ids.entries()) place.run(position, each);
  })();
}

/** Removes an item; one that is not there is removed already. */
export async function removeFromBasket(project: Project, id: string): Promise<void> {
  await project.db.deleteFrom('figureBasket').where('id', '=', id).execute();
}

function gone(id: string): StrataError {
  return new StrataError('NOT_FOUND', `the basket has no figure ${id} any more; it was removed in another window`);
}
