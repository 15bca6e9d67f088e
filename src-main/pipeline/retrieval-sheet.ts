import { basename } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { type RetrievalGroup, retrievalGroups } from '../core/pooled-code.ts';
import { Rng } from '../core/rng.ts';
import { type FormatId, openImageReader } from '../data/datasets/index.ts';
import type { RetrievalSheet, SheetImage } from '../figures/figure.ts';
import { datasetNamed } from '../store/datasets.ts';
import { imagesAt } from '../store/image-choice.ts';
import type { StoredImage } from '../store/images.ts';
import type { Project } from '../store/project-folder.ts';
import { readResult, writeResult } from '../store/results.ts';
import { runById } from '../store/runs.ts';
import { QueryEncoder } from './query-encoder.ts';
import { Retrieval } from './retrieval.ts';
import { resolveSource } from './source.ts';
import type { StageContext } from './stage.ts';

const neighbours = 3;
/** Pixels of a thumbnail's longer side: sharp at 0.4 inches and 300 dpi. */
const thumbnailSide = 128;

/** What a sheet shows, by image index: found once, by the run itself. */
const hits = z.array(z.object({ image: z.int(), similarity: z.number() }));
const foundSchema = z.object({
  query: z.int(),
  rows: z.array(z.object({ layer: z.int(), cls: hits, patches: hits })),
});

/** Finds the neighbours of one of the queries, chosen by the run's seed, and keeps them for the sheet. */
export async function writeSheetQuery(context: StageContext, queries: ArrayLike<number>): Promise<void> {
  const { project, runId, recipe } = context;
  const query = queries[new Rng(recipe.seed, 'retrieval-sheet').below(queries.length)];
  const retrieval = await Retrieval.open(context);
  const encoder = await QueryEncoder.load(context);
  try {
    const rows = await retrieval.search(await encoder.ofImage(query), { k: neighbours });
    const section: z.infer<typeof foundSchema> = { query, rows };
    await writeResult(project, { runId, stage: 'index', key: 'sheet', section, seconds: 0 });
  } finally {
    await encoder.close();
  }
}

/** The run's retrieval sheet with its pictures (method, section 7); undefined when the run has none. */
export async function retrievalSheet(project: Project, runId: string): Promise<RetrievalSheet | undefined> {
  const found = await readResult(project, runId, 'index', 'sheet');
  if (found === undefined) return undefined;
  const { query, rows } = foundSchema.parse(found);
  const dataset = await datasetNamed(project, (await runById(project, runId)).dataset);
  const shown = [
    query,
    ...rows.flatMap((row) => retrievalGroups.flatMap((group) => row[group].map(({ image }) => image))),
  ];
  const images = new Map(
    (await imagesAt(project, dataset.name, [...new Set(shown)])).map((image) => [image.index, image]),
  );
  const reader = await openImageReader(resolveSource(dataset.source), dataset.format as FormatId);
  try {
    const pictures = new Map<number, SheetImage>();
    for (const [index, image] of images) {
      const { path, size, offset, classIndex } = image;
      const bytes = await reader.read({ path, size, offset: offset ?? undefined });
      const side = { width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true } as const;
      const thumbnail = await sharp(bytes).autoOrient().resize(side).png().toBuffer();
      const name = dataset.classes[classIndex]?.name ?? basename(path);
      pictures.set(index, { image: `data:image/png;base64,${thumbnail.toString('base64')}`, caption: name });
    }
    const picture = (index: number) => pictures.get(index) as SheetImage;
    const classOf = (index: number) => (images.get(index) as StoredImage).classIndex;
    const hit = ({ image, similarity }: z.infer<typeof hits>[number]) => ({
      ...picture(image),
      similarity,
      sameClass: classOf(image) === classOf(query),
    });
    const row = (layer: number, group: RetrievalGroup, found: z.infer<typeof hits>) => ({
      layer,
      group,
      hits: found.map(hit),
    });
    return {
      query: picture(query),
      rows: rows.flatMap((found) => retrievalGroups.map((group) => row(found.layer, group, found[group]))),
    };
  } finally {
    await reader.close();
  }
}
