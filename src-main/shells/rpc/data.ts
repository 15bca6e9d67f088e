import { basename, resolve } from 'node:path';
import { StrataError } from '../../contract/errors.ts';
import type { DatasetDetails, DatasetSummary } from '../../contract/rpc/data.ts';
import { type FormatId, openDataset } from '../../data/datasets/index.ts';
import { projectName } from '../../pipeline/project-name.ts';
import { sample } from '../../pipeline/sample.ts';
import { isEmbedded, resolveSource } from '../../pipeline/source.ts';
import { datasetNamed, findDataset, listDatasets, type StoredDataset } from '../../store/datasets.ts';
import { findImage } from '../../store/find-image.ts';
import { countByClass, imagePage, placeOf } from '../../store/image-pages.ts';
import { skippedImages } from '../../store/images.ts';
import type { Project } from '../../store/project-folder.ts';
import { splitsInOrder, startImport } from './activities.ts';
import { answer, openedProject, type RpcContext } from './answer.ts';

export const dataRouter = {
  list: answer.data.list.handler(async ({ context }) => {
    const project = await openedProject(context);
    const details = (await listDatasets(project)).map((dataset) => datasetDetails(project, dataset));
    return (await Promise.all(details)).map(toSummary);
  }),
  details: answer.data.details.handler(async ({ context, input }) => {
    const project = await openedProject(context);
    return datasetDetails(project, await datasetNamed(project, input.dataset));
  }),
  images: answer.data.images.handler(async ({ context, input }) => {
    const { dataset, offset, limit, ...filter } = input;
    const { total, images } = await imagePage(await openedProject(context), dataset, filter, { offset, limit });
    return { total, images };
  }),
  image: answer.data.image.handler(async ({ context, input }) => {
    const { dataset, index, ...filter } = input;
    const project = await openedProject(context);
    const image = await findImage(project, dataset, index);
    if (!image) throw new StrataError('NOT_FOUND', `data set ${dataset} has no image ${index}`);
    return { ...image, place: await placeOf(project, dataset, filter, index) };
  }),
  skipped: answer.data.skipped.handler(async ({ context, input }) => {
    const files = await skippedImages(await openedProject(context), input.dataset);
    return { total: files.length, files: files.slice(input.offset, input.offset + input.limit) };
  }),
  predict: answer.data.predict.handler(async ({ context, input, signal }) =>
    context.workbench.engine(await openedProject(context)).ask('predictImage', input, signal),
  ),
  inspect: answer.data.inspect.handler(async ({ input, signal }) => {
    const path = resolve(input.path);
    const dataset = await openDataset(path, { format: input.format, seed: 0 });
    try {
      const splits: Record<string, number> = {};
      for await (const { split } of dataset.entries()) {
        signal?.throwIfAborted();
        splits[split] = (splits[split] ?? 0) + 1;
      }
      return {
        path,
        name: nameOrNone(path),
        format: dataset.format,
        images: dataset.count,
        splits: splitsInOrder(splits),
        classes: dataset.classes.map(({ name }) => name),
        ignored: dataset.ignored,
        unreadable: dataset.unreadable.length,
      };
    } finally {
      await dataset.close();
    }
  }),
  add: answer.data.add.handler(async ({ context, input }) => {
    const path = resolve(input.path);
    return add(context, path, projectName(input.name || basename(path)), input.format);
  }),
  addEmbedded: answer.data.addEmbedded.handler(({ context }) => add(context, sample.images(), sample.dataset)),
};

async function add(context: RpcContext, path: string, name: string, format?: FormatId) {
  const project = await openedProject(context);
  if (await findDataset(project, name)) {
    throw new StrataError('ALREADY_EXISTS', `there is a data set ${name} already; give this one another name`);
  }
  return { id: startImport(context.workbench, project, path, { name, format }), name };
}

async function datasetDetails(project: Project, stored: StoredDataset): Promise<DatasetDetails> {
  const { name, format, sha256, createdAt, source, promptTemplates } = stored;
  const counts = await countByClass(project, name);
  const perSplit: Record<string, number> = {};
  for (const { split, images } of counts) perSplit[split] = (perSplit[split] ?? 0) + images;
  const splits = splitsInOrder(perSplit);
  const bySplitAndClass = new Map(counts.map((row) => [`${row.classIndex} ${row.split}`, row.images]));
  return {
    name,
    path: resolveSource(source),
    embedded: isEmbedded(source),
    format,
    sha256,
    createdAt,
    images: splits.reduce((sum, split) => sum + split.images, 0),
    skipped: (await skippedImages(project, name)).length,
    splits,
    promptTemplates,
    classes: stored.classes.map((entry, classIndex) => ({
      ...entry,
      counts: splits.map((split) => bySplitAndClass.get(`${classIndex} ${split.name}`) ?? 0),
    })),
  };
}

function toSummary({ promptTemplates: _, classes, ...rest }: DatasetDetails): DatasetSummary {
  return { ...rest, classes: classes.length };
}

/** Empty when the person has to think of one. */
export function nameOrNone(path: string): string {
  try {
    return projectName(basename(path));
  } catch {
    return '';
  }
}
