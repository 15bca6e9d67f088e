import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import type { Project } from './project-folder.ts';
import type { ModelTable } from './tables.ts';

const infoSchema = z.record(z.string(), z.union([z.string(), z.number()]));

export interface StoredModel {
  name: string;
  /** Of the weights' file. */
  sha256: string;
  /** An absolute path, or `embedded:` and a path inside the application. */
  source: string;
  /** Facts worth listing: layers, width, tokens. */
  info: Readonly<Record<string, string | number>>;
  createdAt: string;
}

/** Records a model. ALREADY_EXISTS when the name is taken. */
export async function addModel(project: Project, model: Omit<StoredModel, 'createdAt'>): Promise<StoredModel> {
  const row: ModelTable = { ...model, info: JSON.stringify(model.info), createdAt: new Date().toISOString() };
  const { numInsertedOrUpdatedRows } = await project.db
    .insertInto('models')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) {
    throw new StrataError('ALREADY_EXISTS', `${project.dir} has a model ${model.name} already; give another name`);
  }
  return toModel(row);
}

/** By name. */
export async function listModels(project: Project): Promise<StoredModel[]> {
  return (await project.db.selectFrom('models').selectAll().orderBy('name').execute()).map(toModel);
}

export async function findModel(project: Project, name: string): Promise<StoredModel | undefined> {
  const row = await project.db.selectFrom('models').selectAll().where('name', '=', name).executeTakeFirst();
  return row && toModel(row);
}

/** NOT_FOUND, listing what there is, when the project has no such model. */
export async function modelNamed(project: Project, name: string): Promise<StoredModel> {
  const model = await findModel(project, name);
  if (model !== undefined) return model;
  const known = (await listModels(project)).map((other) => other.name).join(', ') || 'none yet';
  throw new StrataError(
    'NOT_FOUND',
    `${project.dir} has no model ${name} (it has: ${known}); add it with: strata model add`,
  );
}

function toModel(row: ModelTable): StoredModel {
  return { ...row, info: infoSchema.parse(JSON.parse(row.info)) };
}
