import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toFloat16Bits } from '../core/float16.ts';
import { Rng } from '../core/rng.ts';
import { clipConfigSchema } from '../data/clip-config.ts';
import { clipTensorShapes } from '../data/clip-tensors.ts';
import { writeSafetensors } from '../data/safetensors.ts';

export interface TinyClip {
  vision: { hidden_size: number; intermediate_size: number; num_hidden_layers: number; num_attention_heads: number };
  imageSize: number;
  patchSize: number;
  activation: 'quick_gelu' | 'gelu';
  dtype: 'F32' | 'F16';
  seed: number;
}

/** Writes a CLIPModel folder with random weights and the embedded model's tokenizer. */
export async function writeTinyClip(dir: string, tiny: TinyClip): Promise<void> {
  await mkdir(dir, { recursive: true });
  const config = {
    model_type: 'clip',
    projection_dim: 6,
    vision_config: {
      ...tiny.vision,
      image_size: tiny.imageSize,
      patch_size: tiny.patchSize,
      hidden_act: tiny.activation,
    },
    text_config: {
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      vocab_size: 2048,
      max_position_embeddings: 16,
      hidden_act: tiny.activation,
      eos_token_id: 2047,
    },
  };
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  const preprocessor = { size: { shortest_edge: tiny.imageSize }, crop_size: tiny.imageSize };
  await writeFile(join(dir, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  const embedded = fileURLToPath(new URL('../../models/mini-clip/', import.meta.url));
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await copyFile(join(embedded, file), join(dir, file));
  const tensors = Array.from(clipTensorShapes(clipConfigSchema.parse(config)), ([name, shape]) => {
    const rng = new Rng(tiny.seed, name);
    const isScale = /norm\d?\.weight$|layrnorm\.weight$/.test(name);
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      const value = 2 * rng.uniform() - 1;
      return isScale ? 1 + 0.3 * value : 0.6 * value;
    });
    const data = tiny.dtype === 'F16' ? Uint16Array.from(values, toFloat16Bits) : values;
    return { name, dtype: tiny.dtype, shape, data };
  });
  await writeSafetensors(join(dir, 'model.safetensors'), tensors);
}
