import { join } from 'node:path';
import { classEmbeddings, classLogits } from '../core/zero-shot.ts';
import type { ClipFolder } from '../data/clip-folder.ts';
import { type CltFolder, readCltFolder } from '../data/clt-folder.ts';
import { readTensor } from '../data/safetensors.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import type { Provider } from '../engine/session.ts';
import { embedPrompts } from '../engine/text-tower.ts';
import type { StoredDataset } from '../store/datasets.ts';
import { chosenImages } from '../store/image-choice.ts';
import { runDir } from '../store/project-folder.ts';
import { type ImageBatch, imageBatches } from './image-batches.ts';
import { runDataset, runModel } from './inputs.ts';
import type { StageContext } from './stage.ts';

/** The test images of a run with what classifies them, for the stages that measure. */
export interface TestImages {
  clip: ClipFolder;
  count: number;
  batches(size: number): AsyncGenerator<ImageBatch>;
  /** Class logits of the image at place `at` of a batch's embeddings [images, projection], and its own embedding. */
  classify(embeddings: Float32Array, at: number): { logits: Float32Array; embedding: Float32Array };
  close(): Promise<void>;
}

/** Opens the test split, or `maxImages` of it chosen by the run's seed. */
export async function openTestImages(context: StageContext, maxImages: number | undefined): Promise<TestImages> {
  const { project, recipe, signal } = context;
  const { clip } = await runModel(context);
  const { stored: dataset, images: reader } = await runDataset(context);
  const choice = maxImages === undefined ? undefined : { maxImages, seed: recipe.seed };
  const indices = await chosenImages(project, dataset.name, 'test', choice);
  const classes = await datasetClasses(clip, dataset, recipe.provider);
  const inputs = { project, name: dataset.name, reader, preprocess: clip.preprocess };
  return {
    clip,
    count: indices.length,
    batches: (size) => imageBatches(inputs, indices, size, signal),
    classify(embeddings, at) {
      const embedding = embeddings.subarray(at * clip.projectionDim, (at + 1) * clip.projectionDim);
      return { embedding, logits: classLogits(embedding, classes, Math.exp(clip.logitScale)) };
    },
    close: () => reader.close(),
  };
}

/** Class embeddings of a data set's prompts (method, section 6). */
async function datasetClasses(clip: ClipFolder, dataset: StoredDataset, provider: Provider): Promise<Float32Array> {
  const prompts = dataset.classes.flatMap((entry) => entry.prompts);
  const tokenizer = await loadTokenizer(clip);
  const text = await embedPrompts(clip, tokenizer.encode(prompts, clip.text.maxTokens), provider);
  return classEmbeddings(
    text,
    clip.projectionDim,
    dataset.classes.map((entry) => entry.prompts.length),
  );
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
