import { expect, onTestFinished, test } from 'vitest';
import { shardKey } from '../store/activation-shards.ts';
import { runInProject, temporaryProject } from '../store/test-project.ts';
import { recipeOf } from '../testing/project.ts';
import { shardSpec, trainingImages } from './shard-spec.ts';

const clip = {
  vision: { layers: 2, width: 4, tokens: 17 },
  preprocess: { imageSize: 64 },
} as unknown as Parameters<typeof shardSpec>[1];

test('runs of several seeds share shards and images through a seed for capture', async () => {
  const project = await temporaryProject(onTestFinished);
  await runInProject(project);
  const captured = async (keys: Record<string, unknown>) => {
    const signal = new AbortController().signal;
    const context = { project, runId: 'r', recipe: recipeOf(keys), signal, emit: () => undefined };
    const images = await trainingImages(context);
    return { images, key: shardKey(await shardSpec(context, clip, images.length)) };
  };
  const plain = { maxImages: 3, patchesPerImage: 4 };
  const own = await captured({ seed: 5, capture: plain });
  expect(await captured({ seed: 5, capture: { ...plain, seed: 5 } })).toEqual(own);
  expect(await captured({ seed: 1, capture: { ...plain, seed: 5 } })).toEqual(own);
  expect((await captured({ seed: 1, capture: plain })).key).not.toBe(own.key);
});
