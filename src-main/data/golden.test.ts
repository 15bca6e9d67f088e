import { expect, test } from 'vitest';
import golden from '../../testdata/mini-clip/golden.json' with { type: 'json' };
import { preprocess } from '../core/preprocess.ts';
import { readClipFolder } from './clip-folder.ts';
import { type ImageEntry, openDataset } from './datasets/index.ts';
import { decodeRgb } from './decode.ts';
import { readSafetensorsIndex, readTensor } from './safetensors.ts';

test('images of the embedded data set are preprocessed as transformers does', async () => {
  const clip = await readClipFolder('models/mini-clip');
  const index = await readSafetensorsIndex('testdata/mini-clip/golden.safetensors');
  const expected = await readTensor(index, 'pixel_values');
  const dataset = await openDataset('resources/emoji/emoji-10665.tar', { seed: 0 });
  const entries = new Map<string, ImageEntry>();
  for await (const entry of dataset.entries()) entries.set(entry.path, entry);
  let worst = 0;
  let position = 0;
  for (const { path, class_index: classIndex } of golden.images) {
    const entry = entries.get(path);
    if (!entry) throw new Error(`${path} is not in the data set`);
    expect(entry).toMatchObject({ split: 'test', classIndex });
    const values = preprocess(await decodeRgb(await dataset.read(entry)), clip.preprocess);
    for (const value of values) worst = Math.max(worst, Math.abs(value - expected[position++]));
  }
  await dataset.close();
  expect(position).toBe(expected.length);
  expect(worst).toBe(0);
});
