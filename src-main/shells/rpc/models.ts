import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isStrataError, StrataError } from '../../contract/errors.ts';
import { resultSections } from '../../contract/results.ts';
import type { Accuracy, Architecture, ModelSummary } from '../../contract/rpc/models.ts';
import { worstPairs } from '../../core/confusion.ts';
import { type ClipFolder, readClipFolder } from '../../data/clip-folder.ts';
import { measureZeroShot } from '../../jobs/measure-zero-shot.ts';
import { importModel } from '../../pipeline/import-model.ts';
import { addSampleModel, sample } from '../../pipeline/sample.ts';
import { isEmbedded, resolveSource } from '../../pipeline/source.ts';
import { readZeroShot, zeroShotAccuracy } from '../../pipeline/zero-shot-file.ts';
import { datasetNamed, listDatasets } from '../../store/datasets.ts';
import { listModels, modelNamed, type StoredModel } from '../../store/models.ts';
import type { Project } from '../../store/project-folder.ts';
import { readResult } from '../../store/results.ts';
import { listRuns } from '../../store/runs.ts';
import { activitiesOf } from './activities.ts';
import { answer, openedProject } from './answer.ts';
import { nameOrNone } from './data.ts';

const pairsShown = 10;
const longestDocument = 100_000;

export const modelsRouter = {
  list: answer.models.list.handler(async ({ context }) => {
    const models = await listModels(await openedProject(context));
    return Promise.all(models.map(modelSummary));
  }),
  documents: answer.models.documents.handler(async ({ context, input }) => {
    const { source } = await modelNamed(await openedProject(context), input.model);
    return documentsIn(resolveSource(source));
  }),
  accuracies: answer.models.accuracies.handler(async ({ context, input }) =>
    accuraciesOf(await openedProject(context), input.model),
  ),
  confusion: answer.models.confusion.handler(async ({ context, input }) => {
    const project = await openedProject(context);
    const model = await modelNamed(project, input.model);
    const dataset = await datasetNamed(project, input.dataset);
    const file = await readZeroShot(project, { model, dataset });
    if (!file) return null;
    const perClass = new Map<number, number>();
    for (const label of file.classIndex) perClass.set(label, (perClass.get(label) ?? 0) + 1);
    const pairs = worstPairs(file.classIndex, file.predicted, dataset.classes.length, pairsShown);
    return {
      ...zeroShotAccuracy(file),
      pairs: pairs.map((pair) => ({
        ...pair,
        className: dataset.classes[pair.classIndex].name,
        takenFor: dataset.classes[pair.takenForIndex].name,
        of: perClass.get(pair.classIndex) ?? 0,
        examples: pair.examples.map((at) => file.index[at]),
      })),
    };
  }),
  measure: answer.models.measure.handler(async ({ context, input }) => {
    const { workbench } = context;
    const project = await openedProject(context);
    await modelNamed(project, input.model);
    await datasetNamed(project, input.dataset);
    const activities = activitiesOf(workbench);
    const underWay = activities
      .list(project.dir)
      .find(
        (one) =>
          one.kind === 'zeroShot' &&
          one.state === 'running' &&
          one.dataset === input.dataset &&
          one.model === input.model,
      );
    if (underWay) return { id: underWay.id };
    const subject = `${input.model} on ${input.dataset}`;
    const id = activities.start(project.dir, { ...input, kind: 'zeroShot', subject }, (report, signal) =>
      measureZeroShot(project, workbench.engine(project), input, report, signal),
    );
    return { id };
  }),
  inspect: answer.models.inspect.handler(async ({ input }) => {
    const path = resolve(input.path);
    return { path, name: nameOrNone(path), architecture: await architectureOf(await readClipFolder(path)) };
  }),
  add: answer.models.add.handler(async ({ context, input, signal }) =>
    modelSummary(
      await importModel(await openedProject(context), input.path, { name: input.name || undefined, signal }),
    ),
  ),
  addEmbedded: answer.models.addEmbedded.handler(async ({ context }) => {
    const project = await openedProject(context);
    await addSampleModel(project);
    return modelSummary(await modelNamed(project, sample.model));
  }),
};

async function modelSummary({ name, sha256, source, createdAt }: StoredModel): Promise<ModelSummary> {
  const path = resolveSource(source);
  const facts = { name, sha256, path, embedded: isEmbedded(source), createdAt };
  try {
    return { ...facts, architecture: await architectureOf(await readClipFolder(path)), problem: null };
  } catch (error) {
    if (!isStrataError(error)) throw error;
    return { ...facts, architecture: null, problem: error.message };
  }
}

async function architectureOf(clip: ClipFolder): Promise<Architecture> {
  // Positions that old checkpoints store beside the weights are whole numbers and not trained.
  const weights = [...clip.index.tensors.values()].filter(({ dtype }) => dtype.includes('F'));
  const tower = ({ layers, width, heads, mlpWidth, activation }: ClipFolder['text'] | ClipFolder['vision']) => ({
    layers,
    width,
    heads,
    mlpWidth,
    activation,
  });
  const { patchSize, imageSize, tokens } = clip.vision;
  return {
    vision: { ...tower(clip.vision), patchSize, imageSize, tokens },
    text: { ...tower(clip.text), vocabSize: clip.text.vocabSize, maxTokens: clip.text.maxTokens },
    projection: clip.projectionDim,
    parameters: weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    bytes: (await stat(clip.modelFile)).size,
    dtypes: [...new Set(weights.map(({ dtype }) => dtype))],
  };
}

/** The model's card first, then what speaks of its licence. */
async function documentsIn(dir: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new StrataError('NOT_FOUND', `${dir}: cannot be read; was the model moved?`, { cause });
  });
  const cards = names.filter((name) => /^(readme|model_?card)(\.(md|txt))?$/i.test(name));
  const licences = names.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  return Promise.all([...cards, ...licences].map(async (file) => ({ file, text: await beginning(join(dir, file)) })));
}

async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestDocument), 0, longestDocument, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What was measured on whole test splits, then what runs of the model measured. */
async function accuraciesOf(project: Project, name: string): Promise<Accuracy[]> {
  const model = await modelNamed(project, name);
  const known: Accuracy[] = [];
  for (const dataset of await listDatasets(project)) {
    const file = await readZeroShot(project, { model, dataset });
    if (file) known.push({ dataset: dataset.name, run: null, ...zeroShotAccuracy(file) });
  }
  for (const run of (await listRuns(project)).filter((one) => one.model === name)) {
    const section = await readResult(project, run.id, 'evaluate', 'zeroShot');
    if (section === undefined) continue;
    const { top1, top5, n } = resultSections.zeroShot.parse(section);
    known.push({ dataset: run.dataset, run: { id: run.id, name: run.name }, n, top1, top5 });
  }
  return known.sort((a, b) => (a.dataset === b.dataset ? b.n - a.n : a.dataset < b.dataset ? -1 : 1));
}
