import { type Expression, type SqlBool, sql } from 'kysely';
import { detailsOf, type FeatureDetailColumns, noFeatures, type StoredFeature } from './features.ts';
import type { Project } from './project-folder.ts';
import { runById } from './runs.ts';

export const featureOrders = ['feature', 'rate', 'max', 'mean', 'margin'] as const;
/** `feature` is the order of layers and features; max and mean go by magnitude. */
export type FeatureOrder = (typeof featureOrders)[number];

export interface FeatureQuery {
  layer?: number;
  /** Firing rate over all tokens. */
  minRate?: number;
  maxRate?: number;
  /** Least magnitude of the largest activation. */
  minMax?: number;
  /** True: those that never fire; false: those that do; absent: both. */
  dead?: boolean;
  /** A label as it stands, capitals aside. */
  label?: string;
  /** Words, or beginnings of words, that the label or the classes of the top images have, all of them. */
  text?: string;
  sort?: FeatureOrder;
  /** desc unless given, for `feature` asc. Ties go to the lower feature; asc is desc turned round. */
  order?: 'asc' | 'desc';
  limit?: number;
  offset?: number;
}

export type ListedFeature = StoredFeature & FeatureDetailColumns;

export interface FeaturePage {
  /** All that match. */
  total: number;
  /** At most `limit` of them, 50 unless given, from `offset` on. */
  features: ListedFeature[];
}

// The filters carry a plus sign, which keeps SQLite from searching by them: the order's own index has their columns too
// and gives the page without sorting 100,000 rows.
const columns = { layer: sql`+layer`, rate: sql`+rate`, magnitude: sql`+abs(max)` };
const sortKeys = { rate: sql`rate`, max: sql`abs(max)`, mean: sql`abs(mean)`, margin: sql`margin` };

/** Features of a run, filtered, in order, page by page. NOT_FOUND when the run has no feature index. */
export async function queryFeatures(project: Project, runId: string, query: FeatureQuery = {}): Promise<FeaturePage> {
  await runById(project, runId);
  const { sort = 'feature', order = sort === 'feature' ? 'asc' : 'desc', limit = 50, offset = 0 } = query;
  const ofRun = project.db.selectFrom('features').where('runId', '=', runId);
  const conditions = conditionsOf(project, runId, query);
  const matching = conditions.reduce((selection, condition) => selection.where(condition), ofRun);
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  if (total === 0 && !(await ofRun.select('id').limit(1).executeTakeFirst())) throw noFeatures(project, runId);

  const ties = sort === 'feature' || order === 'desc' ? 'asc' : 'desc';
  let page = matching.selectAll().limit(limit).offset(offset);
  if (sort === 'feature') page = page.orderBy('layer', order).orderBy('feature', order);
  else page = page.orderBy(sortKeys[sort], order).orderBy('layer', ties).orderBy('feature', ties);
  const rows = await page.execute();
  const details = await detailsOf(
    project,
    rows.map(({ id }) => id),
  );
  const features = rows.map(({ id, runId: _, ...feature }) => {
    const own = details.get(id);
    if (!own) throw new Error(`feature ${feature.feature} of layer ${feature.layer} has no details`);
    return { ...feature, ...own };
  });
  return { total, features };
}

function conditionsOf(project: Project, runId: string, query: FeatureQuery): Expression<SqlBool>[] {
  const { layer, minRate, maxRate, minMax, dead, label, text } = query;
  const conditions: Expression<SqlBool>[] = [];
  if (layer !== undefined) conditions.push(sql`${columns.layer} = ${layer}`);
  if (minRate !== undefined) conditions.push(sql`${columns.rate} >= ${minRate}`);
  if (maxRate !== undefined) conditions.push(sql`${columns.rate} <= ${maxRate}`);
  if (minMax !== undefined) conditions.push(sql`${columns.magnitude} >= ${minMax}`);
  if (dead !== undefined) conditions.push(dead ? sql`${columns.rate} = 0` : sql`${columns.rate} > 0`);
  if (label !== undefined) {
    const labelled = project.db.selectFrom('features').select('id').where('runId', '=', runId);
    conditions.push(sql`id in (${labelled.where(sql`label collate nocase`, '=', label)})`);
  }
  if (text?.trim()) {
    const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
    const match = words.map((word) => `"${word}"*`).join(' ');
    // What has no letter or digit in it is found nowhere; the full-text index would call it a mistake.
    if (words.length === 0) conditions.push(sql`0`);
    else conditions.push(sql`id in (select rowid from "featureText" where "featureText" match ${match})`);
  }
  return conditions;
}
