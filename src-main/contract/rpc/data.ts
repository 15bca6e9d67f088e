import { z } from 'zod';
import { procedure } from './procedure.ts';

const dataset = z.object({ dataset: z.string() });
const formats = z.enum(['imagefolder', 'tar']);

const datasetSummary = z.object({
  name: z.string(),
  /** The path of its folder or archive on this machine. */
  path: z.string(),
  /** It came with Strata. */
  embedded: z.boolean(),
  format: z.string(),
  sha256: z.string(),
  createdAt: z.string(),
  classes: z.int(),
  images: z.int(),
  skipped: z.int(),
  /** Images of each split, by name: train and test first. */
  splits: z.array(z.object({ name: z.string(), images: z.int() })),
});
export type DatasetSummary = z.infer<typeof datasetSummary>;

const datasetDetails = datasetSummary.omit({ classes: true }).extend({
  /** In class order; `counts` follows `splits`. */
  classes: z.array(z.object({ name: z.string(), prompts: z.array(z.string()), counts: z.array(z.int()) })),
  promptTemplates: z.array(z.string()),
});
export type DatasetDetails = z.infer<typeof datasetDetails>;

const filter = dataset.extend({
  split: z.string().optional(),
  classIndex: z.int().min(0).optional(),
  /** Part of the path, in capitals or not. */
  text: z.string().max(200).optional(),
});
export type ImageFilter = z.infer<typeof filter>;

const image = z.object({
  /** Counts from 0 over all splits; its address in the data set. */
  index: z.int(),
  path: z.string(),
  split: z.string(),
  classIndex: z.int(),
  width: z.int(),
  height: z.int(),
  /** Bytes of its file. */
  size: z.int(),
});
export type ImageRow = z.infer<typeof image>;

/** The longest page. */
const maxPage = 500;
const page = { offset: z.int().min(0).default(0), limit: z.int().min(1).max(maxPage).default(100) };

/** A folder or archive as it would be imported. */
const found = z.object({
  path: z.string(),
  /** The name it would get in the project; empty when nothing of its own can be kept. */
  name: z.string(),
  format: formats,
  images: z.int(),
  /** Of each split, found by listing the files. */
  splits: z.array(z.object({ name: z.string(), images: z.int() })),
  classes: z.array(z.string()),
  /** Files left out because they are no images of a class. */
  ignored: z.int(),
  /** Images that the data set names but does not hold. */
  unreadable: z.int(),
});
export type FoundDataset = z.infer<typeof found>;

export const dataContract = {
  /** By name. */
  list: procedure.output(z.array(datasetSummary)),
  details: procedure.input(dataset).output(datasetDetails),
  /** Images by index that pass the filter: `total` of them, and one page. */
  images: procedure.input(filter.extend(page)).output(z.object({ total: z.int(), images: z.array(image) })),
  /** An image, and its place among those that pass the filter; null when it does not pass. */
  image: procedure.input(filter.extend({ index: z.int().min(0) })).output(image.extend({ place: z.int().nullable() })),
  /** Files that could not be read, by path. */
  skipped: procedure
    .input(dataset.extend(page))
    .output(z.object({ total: z.int(), files: z.array(z.object({ path: z.string(), reason: z.string() })) })),
  /** The frozen model's zero-shot prediction: the five best classes. */
  predict: procedure
    .input(dataset.extend({ model: z.string(), image: z.int().min(0) }))
    .output(z.object({ top: z.array(z.object({ classIndex: z.int(), probability: z.number() })) })),
  /** Looks at a folder or archive without adding it. */
  inspect: procedure.input(z.object({ path: z.string().min(1), format: formats.optional() })).output(found),
  /** Begins to add a folder or archive; gives the activity's id. */
  add: procedure
    .input(z.object({ path: z.string().min(1), name: z.string().optional(), format: formats.optional() }))
    .output(z.object({ id: z.string(), name: z.string() })),
  /** Begins to add the images that come with Strata. */
  addEmbedded: procedure.output(z.object({ id: z.string(), name: z.string() })),
};
