import { join } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { PromptMeter } from '../core/prompt-sensitivity.ts';
import { promptTemplates } from '../core/prompt-templates.ts';
import { classEmbeddings, classLogits } from '../core/zero-shot.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { type CltFolder, readCltFolder } from '../data/clt-folder.ts';
import { readTensor } from '../data/safetensors.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import type { Provider } from '../engine/session.ts';
import { embedPrompts } from '../engine/text-tower.ts';
import type { StoredDataset } from '../store/datasets.ts';
import { chosenImages, imagesAt } from '../store/image-choice.ts';
import type { StoredImage } from '../store/images.ts';
import { runDir } from '../store/project-folder.ts';
import { type ImageBatch, imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import type { StageContext } from './stage.ts';

/** The test images of a run with what classifies them, for the stages that measure. */
export interface TestImages {
  clip: ClipFolder;
  count: number;
  /** Batches of `size` images, from place `start` on. */
  batches(size: number, start?: number): AsyncGenerator<ImageBatch>;
  /** One of those batches without its pixels. */
  listed(start: number, size: number): Promise<StoredImage[]>;
  /** Class logits of the image at place `at` of a batch's embeddings [images, projection], and its own embedding. */
  classify(embeddings: Float32Array, at: number): { logits: Float32Array; embedding: Float32Array };
  /** What measures the sensitivity to prompts: accuracy for each of the recipe's templates. */
  promptMeter(): Promise<PromptMeter>;
  close(): Promise<void>;
}

/** Opens the test split, or `maxImages` of it chosen by the run's seed. */
export async function openTestImages(context: StageContext, maxImages: number | undefined): Promise<TestImages> {
  const { project, recipe, signal } = context;
  const { clip } = await runModel(context);
  const { stored: dataset, images: reader } = await runDataset(context);
  const choice = maxImages === undefined ? undefined : { maxImages, seed: recipe.seed };
  const indices = await chosenImages(project, dataset.name, 'test', choice);
  if (indices.length === 0) {
    await reader.close();
    throw new StrataError(
      'DATASET_INVALID',
      `data set ${dataset.name} has no test images to measure on; add one with a test split`,
    );
  }
  const classes = await datasetClasses(clip, dataset, recipe.provider);
  const templates = promptTemplates(recipe.evaluate.promptTemplates);
  let banks: Promise<Float32Array[]> | undefined;
  const scale = Math.exp(clip.logitScale);
  const inputs = { project, name: dataset.name, reader, preprocess: clip.preprocess };
  return {
    clip,
    count: indices.length,
    batches: (size, start = 0) => imageBatches(inputs, indices.subarray(start), size, signal),
    listed: (start, size) => imagesAt(project, dataset.name, Array.from(indices.subarray(start, start + size))),
    classify(embeddings, at) {
      const embedding = embeddings.subarray(at * clip.projectionDim, (at + 1) * clip.projectionDim);
      return { embedding, logits: classLogits(embedding, classes, scale) };
    },
    async promptMeter() {
      banks ??= templateClasses(clip, dataset, templates, recipe.provider);
      return new PromptMeter(await banks, scale);
    },
    close: () => reader.close(),
  };
}

/** Class embeddings of a data set's prompts (method, section 6). */
export async function datasetClasses(
  clip: ClipFolder,
  dataset: StoredDataset,
  provider: Provider,
): Promise<Float32Array> {
  const text = await embedTexts(
    clip,
    dataset.classes.flatMap((entry) => entry.prompts),
    provider,
  );
  const counts = dataset.classes.map((entry) => entry.prompts.length);
  return classEmbeddings(text, clip.projectionDim, counts);
}

/** Class embeddings [classes, p] of each template alone, with the class's name in it. */
async function templateClasses(
  clip: ClipFolder,
  { classes }: StoredDataset,
  templates: readonly string[],
  provider: Provider,
): Promise<Float32Array[]> {
  const texts = templates.flatMap((template) => classes.map(({ name }) => template.replaceAll('{}', () => name)));
  const text = await embedTexts(clip, texts, provider);
  const ones = classes.map(() => 1);
  const bank = classes.length * clip.projectionDim;
  return templates.map((_, at) => classEmbeddings(text.subarray(at * bank, (at + 1) * bank), clip.projectionDim, ones));
}

/** Text embeddings [texts, p], not normalised. */
export async function embedTexts(
  clip: ClipFolder,
  texts: readonly string[],
  provider: Provider,
): Promise<Float32Array> {
  const tokenizer = await loadTokenizer(clip);
  return embedPrompts(clip, tokenizer.encode(texts, clip.text.maxTokens), provider);
}

/** The run's stored CLT. */
export function runClt(context: Pick<StageContext, 'project' | 'runId'>): Promise<CltFolder> {
  return readCltFolder(join(runDir(context.project, context.runId), 'clt'));
}

/** A stored CLT's weights by name. */
export async function cltWeights(folder: CltFolder): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const [name, index] of folder.files) weights.set(name, await readTensor(index, name));
  return weights;
}
