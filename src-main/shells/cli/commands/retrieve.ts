import { existsSync } from 'node:fs';
import { StrataError } from '../../../contract/errors.ts';
import { type RetrievalGroup, retrievalGroups } from '../../../core/pooled-code.ts';
import { type ImageCodes, QueryEncoder } from '../../../pipeline/query-encoder.ts';
import { Retrieval, type RetrievedImage, type RetrievedRow } from '../../../pipeline/retrieval.ts';
import type { StageContext } from '../../../pipeline/stage.ts';
import { datasetNamed } from '../../../store/datasets.ts';
import { findImage } from '../../../store/find-image.ts';
import { imagesAt } from '../../../store/image-choice.ts';
import type { StoredImage } from '../../../store/images.ts';
import { openProject } from '../../../store/project.ts';
import { runNamed } from '../../../store/runs.ts';
import { table } from '../format.ts';
import { layerNumber, wholeNumber } from '../numbers.ts';
import { answer, type OutputOptions } from '../output.ts';

interface RetrieveOptions extends OutputOptions {
  project: string;
  k: string;
  target?: string;
}

const groupTitles: Readonly<Record<RetrievalGroup, string>> = { cls: 'CLS token', patches: 'patch tokens' };

/** Shows the training images nearest to an image, layer by layer. `image`: a path in the data set, #index or a file. */
export async function retrieve(
  runName: string,
  image: string,
  { project: dir, k, target, json }: RetrieveOptions,
): Promise<void> {
  const wanted = {
    k: wholeNumber('--k', k, 1),
    target: target === undefined ? undefined : layerNumber('--target', target),
  };
  const project = await openProject(dir);
  try {
    const run = await runNamed(project, runName);
    const context: StageContext = {
      project,
      runId: run.id,
      recipe: run.recipe,
      signal: new AbortController().signal,
      emit: () => undefined,
    };
    const retrieval = await Retrieval.open(context);
    const { classes } = await datasetNamed(project, run.dataset);
    const query = await queryImage(context, image);
    const codes = (query && retrieval.codesOf(query.index)) ?? (await encoded(context, query, image));
    const rows = await retrieval.search(codes, { ...wanted, exclude: query?.index });
    const found = new Map((await foundImages(context, rows)).map((one) => [one.index, one]));
    const described = (stored: StoredImage) => ({
      index: stored.index,
      path: stored.path,
      class: classes[stored.classIndex].name,
    });
    const neighbour = ({ image: index, similarity }: RetrievedImage) => {
      const stored = found.get(index);
      if (!stored) throw new Error(`image ${index} was retrieved and not read`);
      return { ...described(stored), similarity };
    };
    const layers = rows.map(({ layer, cls, patches }) => ({
      layer,
      cls: cls.map(neighbour),
      patches: patches.map(neighbour),
    }));
    const subject = query ? described(query) : { path: image };
    const text = retrievalGroups.map((group) => {
      const lines = layers.map((row) => [`L${row.layer}`, ...row[group].map(cell)]);
      const heading = ['layer', ...Array.from({ length: wanted.k }, (_, at) => `${at + 1}`)];
      return `By ${groupTitles[group]}\n${table([heading, ...lines])}`;
    });
    const title = query ? `${query.path} (${classes[query.classIndex].name})` : image;
    answer({ json }, { run: run.id, query: subject, ...wanted, layers }, [title, ...text].join('\n\n'));
  } finally {
    await project.close();
  }
}

function cell({ path, class: name, similarity }: { path: string; class: string; similarity: number }): string {
  return `${similarity.toFixed(3)} ${path} (${name})`;
}

/** The image of the run's data set that the command names; undefined where it must be a file. */
async function queryImage({ project, recipe }: StageContext, image: string): Promise<StoredImage | undefined> {
  const index = /^#(\d+)$/.exec(image)?.[1];
  const found = await findImage(project, recipe.dataset, index === undefined ? image : Number(index));
  if (found !== undefined || (index === undefined && existsSync(image))) return found;
  const other = index === undefined ? ', and there is no such file' : '';
  throw new StrataError('NOT_FOUND', `the data set ${recipe.dataset} has no image ${image}${other}`);
}

/** Codes of an image that is not in the index. */
async function encoded(context: StageContext, query: StoredImage | undefined, file: string): Promise<ImageCodes> {
  const encoder = await QueryEncoder.load(context);
  try {
    return await (query ? encoder.ofImage(query.index) : encoder.ofFile(file));
  } finally {
    await encoder.close();
  }
}

function foundImages({ project, recipe }: StageContext, rows: readonly RetrievedRow[]): Promise<StoredImage[]> {
  const indices = new Set(rows.flatMap((row) => [...row.cls, ...row.patches].map(({ image }) => image)));
  return imagesAt(project, recipe.dataset, [...indices]);
}
