import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../core/rng.ts';
import { classEmbeddings, classLogits } from '../core/zero-shot.ts';
import { readClipFolder } from '../data/clip-folder.ts';
import { readSafetensorsIndex, readTensor, readTensorRaw } from '../data/safetensors.ts';
import { textReference, visionReference } from '../testing/clip-reference.ts';
import { worstErrorInRms } from '../testing/clt-golden.ts';
import { webgpuForTests } from '../testing/software-gpu.ts';
import { writeTinyClip } from '../testing/tiny-clip.ts';
import type { Provider } from './session.ts';
import { embedPrompts } from './text-tower.ts';
import { VisionTower } from './vision-tower.ts';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const webgpu = await webgpuForTests();

/** Column block `part` of the taps [rows, parts * width]. */
function tap(taps: Float32Array, part: number, parts: number, width: number): Float32Array {
  const rows = taps.length / (parts * width);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    values.set(taps.subarray((row * parts + part) * width, (row * parts + part + 1) * width), row * width);
  }
  return values;
}

describe('mini-clip agrees with its golden file', async () => {
  const folder = await readClipFolder(root('models/mini-clip'));
  const golden = await readSafetensorsIndex(root('testdata/mini-clip/golden.safetensors'));
  const { layers, width, tokens, imageSize } = folder.vision;
  const promptLength = 11;

  const vision = async (provider: Provider, images: number) => {
    const tower = await VisionTower.load(folder, provider);
    const all = Array.from({ length: tokens }, (_, token) => token);
    const pixels = (await readTensor(golden, 'pixel_values')).subarray(0, images * 3 * imageSize ** 2);
    const output = await tower.run(pixels, Array(images).fill(all));
    await tower.release();
    for (let layer = 0; layer < layers; layer++) {
      for (const [side, name] of ['ln2', 'mlp_out'].entries()) {
        const expected = (await readTensor(golden, `layers.${layer}.${name}`)).subarray(0, images * tokens * width);
        const actual = tap(output.taps, layer * 2 + side, layers * 2, width);
        expect(worstErrorInRms(actual, expected), `layer ${layer} ${name}`).toBeLessThan(1e-4);
      }
    }
    const expected = (await readTensor(golden, 'image_embeds')).subarray(0, images * folder.projectionDim);
    expect(worstErrorInRms(output.embeddings, expected)).toBeLessThan(1e-4);
    return output.embeddings;
  };

  const text = async (provider: Provider, prompts: number) => {
    const inputIds = new BigInt64Array((await readTensorRaw(golden, 'input_ids')).buffer);
    const mask = new BigInt64Array((await readTensorRaw(golden, 'attention_mask')).buffer);
    const endPositions = Array.from({ length: prompts }, (_, prompt) => {
      const row = mask.subarray(prompt * promptLength, (prompt + 1) * promptLength);
      return row.reduce((sum, bit) => sum + Number(bit), 0) - 1;
    });
    const tokenized = {
      inputIds: inputIds.slice(0, prompts * promptLength),
      length: promptLength,
      endIndex: endPositions,
    };
    const embeddings = await embedPrompts(folder, tokenized, provider);
    const expected = (await readTensor(golden, 'text_embeds')).subarray(0, embeddings.length);
    expect(worstErrorInRms(embeddings, expected)).toBeLessThan(1e-4);
    return embeddings;
  };

  test('every tap, embedding and zero-shot logit on the CPU', async () => {
    const images = await vision('cpu', 8);
    const classes = classEmbeddings(await text('cpu', 328), folder.projectionDim, Array(82).fill(4));
    expect(worstErrorInRms(classes, await readTensor(golden, 'class_embeds'))).toBeLessThan(1e-4);
    const logits = await readTensor(golden, 'logits');
    for (let image = 0; image < 8; image++) {
      const embedding = images.subarray(image * folder.projectionDim, (image + 1) * folder.projectionDim);
      const actual = classLogits(embedding, classes, Math.exp(folder.logitScale));
      actual.forEach((value, index) => {
        expect(Math.abs(value - logits[image * 82 + index])).toBeLessThan(1e-3);
      });
    }
  });

  test.runIf(webgpu.ok)('both towers on WebGPU, every node on the device', async () => {
    await vision('webgpu', 1);
    await text('webgpu', 4);
  });
});

test('any depth, width, heads, patch and image size, activation and weight type agree with a plain reference', async () => {
  const shapes = fc.record({
    layers: fc.integer({ min: 1, max: 3 }),
    heads: fc.integer({ min: 1, max: 3 }),
    headWidth: fc.integer({ min: 1, max: 4 }),
    mlp: fc.integer({ min: 1, max: 9 }),
    patchSize: fc.integer({ min: 1, max: 4 }),
    imageSize: fc.integer({ min: 4, max: 9 }),
    activation: fc.constantFrom('quick_gelu' as const, 'gelu' as const),
    dtype: fc.constantFrom('F32' as const, 'F16' as const),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ layers, heads, headWidth, mlp, ...rest }) => {
      const dir = await mkdtemp(join(tmpdir(), 'strata-clip-'));
      const width = Math.max(2, heads * headWidth);
      const vision = {
        hidden_size: width,
        intermediate_size: mlp,
        num_hidden_layers: layers,
        num_attention_heads: width === heads * headWidth ? heads : 1,
      };
      await writeTinyClip(dir, { ...rest, vision });
      const folder = await readClipFolder(dir);
      const rng = new Rng(rest.seed, 'pixels');
      const pixels = Float32Array.from({ length: 2 * 3 * rest.imageSize ** 2 }, () => 2 * rng.uniform() - 1);
      const tower = await VisionTower.load(folder, 'cpu');
      // Different tokens of the two images, so that a mixed-up position shows.
      const chosen = [[0], Array.from({ length: folder.vision.tokens }, (_, token) => token)];
      const output = await tower.run(pixels, chosen);
      await tower.release();
      const reference = await visionReference(folder, pixels.subarray(pixels.length / 2));
      const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) =>
        expect(worstErrorInRms(actual, expected)).toBeLessThan(1e-3);
      close(output.embeddings.subarray(folder.projectionDim), reference.embedding);
      reference.taps.forEach(({ ln2, mlpOut }, layer) => {
        close(tap(output.taps, 2 * layer, 2 * layers, width).subarray(width), ln2.flat());
        close(tap(output.taps, 2 * layer + 1, 2 * layers, width).subarray(width), mlpOut.flat());
      });

      const ids = [2046, 5, 17, 900, 2047];
      const padded = BigInt64Array.from([...ids, 2047, 2047], BigInt);
      const prompts = { inputIds: padded, length: padded.length, endIndex: [ids.length - 1] };
      close(await embedPrompts(folder, prompts, 'cpu'), await textReference(folder, ids));
      await rm(dir, { recursive: true });
    }),
    { numRuns: 25, seed: 1 },
  );
});
