import { type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import type { FeatureNeighbour } from '../core/nearest-features.ts';
import type { FeatureImage } from '../core/top-images.ts';
import { datasetNamed } from './datasets.ts';
import type { Project } from './project-folder.ts';
import { runById } from './runs.ts';
import type { FeatureTable } from './tables.ts';

/** A feature of a run as lists show it; the columns are described in tables.ts. */
export type StoredFeature = Omit<FeatureTable, 'id' | 'runId'>;

/** A feature as the index stage found it (method, section 8). */
export interface FeatureRecord extends StoredFeature {
  topImages: FeatureImage[];
  /** For the targets layer..L-1. */
  decoderNorms: number[];
  nearest: FeatureNeighbour[];
}

/** Removes the run's features, so that an index that was cut off can be written again. */
export async function removeFeatures(project: Project, runId: string): Promise<void> {
  await project.db.deleteFrom('features').where('runId', '=', runId).execute();
}

/** Adds features of a run, all of them or none. */
export async function addFeatures(project: Project, runId: string, records: Iterable<FeatureRecord>): Promise<void> {
  const { sqlite } = project;
  const { dataset } = await runById(project, runId);
  const { classes } = await datasetNamed(project, dataset);
  const feature = sqlite.prepare(
    `insert into features ("runId", layer, feature, rate, "rateCls", "ratePatches", "imageRate", mean, max, label, cosine,
      margin) values (@runId, @layer, @feature, @rate, @rateCls, @ratePatches, @imageRate, @mean, @max, @label, @cosine,
      @margin)`,
  );
  const details = sqlite.prepare('insert into "featureDetails" values (?, ?, ?, ?)');
  const text = sqlite.prepare('insert into "featureText" (rowid, label, classes) values (?, ?, ?)');
  const classOf = sqlite
    .prepare<[string, number], number>('select "classIndex" from images where dataset = ? and "index" = ?')
    .pluck();
  sqlite.transaction(() => {
    for (const { topImages, decoderNorms, nearest, ...columns } of records) {
      const { lastInsertRowid: id } = feature.run({ ...columns, runId });
      details.run(
        id,
        JSON.stringify(topImages.map(({ image, token, value }) => [image, token, value])),
        JSON.stringify(decoderNorms),
        JSON.stringify(nearest.map((neighbour) => [neighbour.feature, neighbour.cosine])),
      );
      const shown = new Set(topImages.map(({ image }) => classes[classOf.get(dataset, image) ?? -1]?.name ?? ''));
      text.run(id, columns.label ?? '', [...shown].join('\n'));
    }
  })();
}

/** What lists show of a feature beside its figures. */
export interface FeatureDetailColumns {
  topImages: FeatureImage[];
  /** For the targets layer..L-1. */
  decoderNorms: number[];
  nearest: FeatureNeighbour[];
}

const pairs = z.array(z.tuple([z.number(), z.number()]));
const triples = z.array(z.tuple([z.number(), z.number(), z.number()]));

/** The details of features by id. */
export async function detailsOf(project: Project, ids: readonly number[]): Promise<Map<number, FeatureDetailColumns>> {
  // One bound value however many there are; SQLite allows 32,766.
  const wanted = sql<SqlBool>`"featureId" in (select value from json_each(${JSON.stringify(ids)}))`;
  const rows = await project.db.selectFrom('featureDetails').selectAll().where(wanted).execute();
  return new Map(
    rows.map((row) => [
      row.featureId,
      {
        topImages: triples.parse(JSON.parse(row.topImages)).map(([image, token, value]) => ({ image, token, value })),
        decoderNorms: z.array(z.number()).parse(JSON.parse(row.decoderNorms)),
        nearest: pairs.parse(JSON.parse(row.nearest)).map(([feature, cosine]) => ({ feature, cosine })),
      },
    ]),
  );
}

/** All that is known of one feature. */
export interface FeatureDetails extends StoredFeature {
  /** By falling |value|; `token` 0 is CLS, then the patches in row-major order. */
  topImages: (FeatureImage & { path: string; className: string })[];
  /** Classes of the top images, most frequent first; in the order of the classes on a tie. */
  histogram: { className: string; images: number }[];
  decoderNorms: { target: number; norm: number }[];
  nearest: (FeatureNeighbour & { label: string | null })[];
}

/** One feature of a run. NOT_FOUND, saying what there is, when the run has no index or no such feature. */
export async function featureDetails(
  project: Project,
  runId: string,
  layer: number,
  feature: number,
): Promise<FeatureDetails> {
  const { dataset } = await runById(project, runId);
  const { classes } = await datasetNamed(project, dataset);
  const ofLayer = project.db.selectFrom('features').where('runId', '=', runId).where('layer', '=', layer);
  const row = await ofLayer.selectAll().where('feature', '=', feature).executeTakeFirst();
  const details = row && (await detailsOf(project, [row.id])).get(row.id);
  if (!row || !details) throw await noSuchFeature(project, runId, layer, feature);
  const images = details.topImages.map(({ image }) => image);
  const found = await project.db
    .selectFrom('images')
    .select(['index', 'path', 'classIndex'])
    .where('dataset', '=', dataset)
    .where('index', 'in', images)
    .execute();
  const imageRows = new Map(found.map((image) => [image.index, image]));
  const neighbours = await ofLayer
    .select(['feature', 'label'])
    .where(
      'feature',
      'in',
      details.nearest.map((neighbour) => neighbour.feature),
    )
    .execute();
  const labels = new Map(neighbours.map((neighbour) => [neighbour.feature, neighbour.label]));
  const counts = new Map<number, number>();
  for (const { classIndex } of found) counts.set(classIndex, (counts.get(classIndex) ?? 0) + 1);
  const { id: _, runId: __, ...columns } = row;
  return {
    ...columns,
    topImages: details.topImages.map((top) => {
      const image = imageRows.get(top.image);
      if (!image) throw new Error(`data set ${dataset} has no image ${top.image}`);
      return { ...top, path: image.path, className: classes[image.classIndex].name };
    }),
    histogram: [...counts]
      .sort(([a, countA], [b, countB]) => countB - countA || a - b)
      .map(([index, count]) => ({ className: classes[index].name, images: count })),
    decoderNorms: details.decoderNorms.map((norm, at) => ({ target: layer + at, norm })),
    nearest: details.nearest.map((neighbour) => ({ ...neighbour, label: labels.get(neighbour.feature) ?? null })),
  };
}

/** NOT_FOUND for a run without a feature index, or for a feature outside it. */
async function noSuchFeature(project: Project, runId: string, layer: number, feature: number): Promise<StrataError> {
  const last = await project.db
    .selectFrom('features')
    .select(({ fn }) => [fn.max('layer').as('layer'), fn.max('feature').as('feature')])
    .where('runId', '=', runId)
    .executeTakeFirst();
  return last?.feature == null
    ? noFeatures(project, runId)
    : new StrataError(
        'NOT_FOUND',
        `run ${runId} has no feature ${feature} in layer ${layer}; give a layer from 0 to ${last.layer} and a feature from 0 to ${last.feature}`,
      );
}

/** NOT_FOUND for a run without a feature index. */
export function noFeatures(project: Project, runId: string): StrataError {
  return new StrataError('NOT_FOUND', `run ${runId} of ${project.dir} has no feature index; run its recipe again`);
}
