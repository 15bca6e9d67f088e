import { cp, mkdtemp, readFile, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clipConfigSchema } from './clip-config.ts';
import { readClipFolder } from './clip-folder.ts';
import { clipTensorShapes } from './clip-tensors.ts';
import { type TensorToWrite, writeSafetensors } from './safetensors.ts';

const miniClip = 'models/mini-clip';
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-clip-'));
});
afterEach(() => rm(dir, { recursive: true }));

interface TinyConfig {
  [key: string]: unknown;
  projection_dim: number;
  text_config: Record<string, unknown>;
  vision_config: Record<string, unknown>;
}

const tinyConfig: TinyConfig = {
  model_type: 'clip',
  projection_dim: 4,
  text_config: tower({ vocab_size: 9, max_position_embeddings: 5, eos_token_id: 8 }),
  vision_config: tower({ image_size: 8, patch_size: 4 }),
};

function tower(more: Record<string, unknown>): Record<string, unknown> {
  return { hidden_size: 6, intermediate_size: 12, num_hidden_layers: 1, num_attention_heads: 2, ...more };
}

/** A CLIPModel folder with zeros for weights; `change` edits the tensors before they are written. */
async function writeTiny(
  config: TinyConfig = tinyConfig,
  { preprocessor = {}, change = (tensors: TensorToWrite[]) => tensors, dtype = 'F32' as 'F32' | 'F16' | 'BF16' } = {},
): Promise<void> {
  const size = config.vision_config.image_size;
  const tensors = [...clipTensorShapes(clipConfigSchema.parse(config))].map(([name, shape]) => {
    const elements = shape.reduce((product, length) => product * length, 1);
    return { name, dtype, shape, data: dtype === 'F32' ? new Float32Array(elements) : new Uint16Array(elements) };
  });
  await writeSafetensors(join(dir, 'model.safetensors'), change(tensors));
  await writeJson('config.json', config);
  await writeJson('preprocessor_config.json', { size, crop_size: size, ...preprocessor });
  await writeJson('tokenizer.json', {});
}

function writeJson(name: string, value: unknown): Promise<void> {
  return writeFile(join(dir, name), JSON.stringify(value));
}

describe('reading', () => {
  test('the embedded model', async () => {
    const { index, ...clip } = await readClipFolder(miniClip);
    expect(clip).toMatchObject({
      modelFile: await realpath(join(miniClip, 'model.safetensors')),
      vision: { layers: 8, width: 192, heads: 3, mlpWidth: 768, patchSize: 8, imageSize: 64, tokens: 65 },
      text: { layers: 3, width: 128, heads: 2, mlpWidth: 512, vocabSize: 2048, maxTokens: 32, eosTokenId: 2047 },
      textPooling: 'first-end-token',
      projectionDim: 128,
      preprocess: { resize: { shortestEdge: 64 }, resample: 'bicubic', crop: { height: 64, width: 64 } },
    });
    expect(clip.vision.activation).toBe('quick_gelu');
    expect(clip.logitScale).toBeCloseTo(3.4157, 4);
    expect(index.tensors.size).toBe(190);
  });

  test('any depth, width, heads, patch and image size', async () => {
    const small = fc.integer({ min: 1, max: 3 });
    const shape = fc.record({ layers: small, heads: small, headWidth: small, mlp: small, patch: small, grid: small });
    await fc.assert(
      fc.asyncProperty(shape, async ({ layers, heads, headWidth, mlp, patch, grid }) => {
        const common = {
          hidden_size: heads * headWidth,
          intermediate_size: mlp,
          num_hidden_layers: layers,
          num_attention_heads: heads,
        };
        await writeTiny({
          ...tinyConfig,
          vision_config: { ...common, image_size: patch * grid, patch_size: patch, hidden_act: 'gelu' },
        });
        const { vision } = await readClipFolder(dir);
        expect(vision).toMatchObject({ layers, heads, width: heads * headWidth, mlpWidth: mlp, patchSize: patch });
        expect(vision).toMatchObject({ tokens: grid * grid + 1, activation: 'gelu' });
      }),
      { numRuns: 25 },
    );
  });

  test('half precision and the buffers of older checkpoints', async () => {
    const ids = { name: 'text_model.embeddings.position_ids', dtype: 'I64', shape: [1, 1], data: new BigInt64Array(1) };
    await writeTiny(tinyConfig, { dtype: 'F16', change: (tensors) => [...tensors, ids as TensorToWrite] });
    expect((await readClipFolder(dir)).logitScale).toBe(0);
  });

  test("what config.json leaves out is ViT-B/32's, and older spellings count", () => {
    const { vision_config: vision, text_config: text } = clipConfigSchema.parse({});
    expect(vision).toMatchObject({ hidden_size: 768, num_hidden_layers: 12, image_size: 224, patch_size: 32 });
    expect(text).toMatchObject({ hidden_size: 512, num_attention_heads: 8, vocab_size: 49408, eos_token_id: 49407 });
    const older = clipConfigSchema.parse({
      text_config: { hidden_size: 512 },
      text_config_dict: { hidden_size: 768, num_attention_heads: 12 },
      vision_config: null,
    });
    expect(older.text_config).toMatchObject({ hidden_size: 768, num_attention_heads: 12 });
    expect([...clipTensorShapes(older)]).toHaveLength(398);
  });

  test('the end token 2 of early checkpoints means pooling at the highest id', async () => {
    await writeTiny({ ...tinyConfig, text_config: { ...tinyConfig.text_config, eos_token_id: 2 } });
    expect((await readClipFolder(dir)).textPooling).toBe('highest-id');
  });

  test.each([
    [{ size: { shortest_edge: 9 }, crop_size: { height: 8, width: 8 } }, { resize: { shortestEdge: 9 } }],
    [
      { size: { height: 8, width: 8 }, do_center_crop: false },
      { resize: { height: 8, width: 8 }, crop: null },
    ],
    [
      { do_resize: false, resample: 2 },
      { resize: null, resample: 'bilinear' },
    ],
    [
      { do_normalize: false, do_rescale: false },
      { rescaleFactor: 1, mean: [0, 0, 0], std: [1, 1, 1] },
    ],
  ])('image processor settings %j', async (preprocessor, expected) => {
    await writeTiny(tinyConfig, { preprocessor });
    expect((await readClipFolder(dir)).preprocess).toMatchObject(expected);
  });

  test('processor_config.json of transformers 5', async () => {
    await writeTiny();
    await rm(join(dir, 'preprocessor_config.json'));
    await writeJson('processor_config.json', { image_processor: { size: 8, crop_size: 8, resample: 1 } });
    expect((await readClipFolder(dir)).preprocess.resample).toBe('lanczos');
  });

  test('a linked model file, as in a HuggingFace cache', async () => {
    await writeTiny();
    const blob = join(dir, 'blob');
    await rename(join(dir, 'model.safetensors'), blob);
    await symlink('blob', join(dir, 'model.safetensors'));
    expect((await readClipFolder(dir)).modelFile).toBe(await realpath(blob));
  });
});

describe('one error that names file, place, expected and found', () => {
  const fc1 = 'vision_model.encoder.layers.0.mlp.fc1.weight';

  test.each<[string, (tensors: TensorToWrite[]) => TensorToWrite[], string]>([
    [
      'a missing tensor',
      (tensors) => tensors.filter(({ name }) => name !== fc1),
      `tensor "${fc1}": expected F32 or F16 [12, 6], found none; `,
    ],
    [
      'a transposed tensor',
      (tensors) => tensors.map((item) => (item.name === fc1 ? { ...item, shape: [6, 12] } : item)),
      `tensor "${fc1}": expected F32 or F16 [12, 6], found F32 [6, 12]; `,
    ],
    [
      'a whole tower missing',
      (tensors) => tensors.filter(({ name }) => !name.startsWith('text_model')),
      'tensor "text_model.embeddings.token_embedding.weight": expected F32 or F16 [9, 6], found none (and 19 more problems); ',
    ],
  ])('%s', async (_kind, change, message) => {
    await writeTiny(tinyConfig, { change });
    await expect(readClipFolder(dir)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(`${join(dir, 'model.safetensors')}: ${message}`),
    });
  });

  test('bfloat16', async () => {
    await writeTiny(tinyConfig, { dtype: 'BF16' });
    await expect(readClipFolder(dir)).rejects.toThrow('expected F32 or F16 [], found BF16 [] (and 45 more problems)');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['config.json', { ...tinyConfig, model_type: 'siglip' }, 'model_type: '],
    ['config.json', { ...tinyConfig, vision_config: { hidden_act: 'swish' } }, 'vision_config.hidden_act: '],
    ['config.json', { ...tinyConfig, vision_config: { num_channels: 1 } }, 'vision_config.num_channels: '],
    [
      'config.json',
      { ...tinyConfig, text_config: { num_attention_heads: 7 } },
      'text_config.num_attention_heads: does not divide hidden_size',
    ],
    [
      'config.json',
      { ...tinyConfig, projection_dim: 'x', text_config: { vocab_size: -1 } },
      'projection_dim: Invalid input: expected number, received string (and 1 more problem)',
    ],
    ['preprocessor_config.json', { size: { longest_edge: 8 } }, 'size: expected a number, {shortest_edge}'],
    ['preprocessor_config.json', { resample: 9 }, 'resample: expected 0 (nearest)'],
    ['preprocessor_config.json', { crop_size: 16 }, 'crop_size: expected 8 x 8 pixels'],
    ['preprocessor_config.json', { size: 8, do_center_crop: false }, 'size: expected 8 x 8 pixels'],
  ])('%s %j', async (file, content, message) => {
    await writeTiny();
    await writeJson(file, content);
    await expect(readClipFolder(dir)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(`${join(dir, file)}: ${message}`),
    });
  });

  test.each(['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'])(
    'without %s',
    async (file) => {
      await writeTiny();
      await rm(join(dir, file));
      await expect(readClipFolder(dir)).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining(`${join(dir, file)}: there is no such file`),
      });
    },
  );

  test('a config.json that is not JSON, weights in several files, no folder at all', async () => {
    await writeTiny();
    await writeFile(join(dir, 'config.json'), '{');
    await expect(readClipFolder(dir)).rejects.toThrow('config.json: not JSON');
    await writeJson('config.json', tinyConfig);
    await rename(join(dir, 'model.safetensors'), join(dir, 'model.safetensors.index.json'));
    await expect(readClipFolder(dir)).rejects.toThrow('the weights are in several files');
    await expect(readClipFolder(join(dir, 'absent'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a truncated download of the embedded model', async () => {
    await cp(miniClip, dir, { recursive: true });
    const file = join(dir, 'model.safetensors');
    await truncate(file, (await readFile(file)).byteLength - 1000);
    await expect(readClipFolder(dir)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('tensor "visual_projection.weight" has 98304 bytes, expected, found 97304'),
    });
  });
});
