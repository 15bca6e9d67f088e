import { access, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import type { Preprocess } from '../core/preprocess.ts';
import { type ClipConfig, clipConfigSchema } from './clip-config.ts';
import { checkClipTensors } from './clip-tensors.ts';
import { readJsonFile } from './json-file.ts';
import { preprocessorSchema, processorSchema } from './preprocessor-config.ts';
import { readSafetensorsIndex, readTensor, type SafetensorsIndex } from './safetensors.ts';

/** A transformer of one modality. */
interface ClipTower {
  layers: number;
  width: number;
  heads: number;
  mlpWidth: number;
  activation: 'quick_gelu' | 'gelu';
  layerNormEps: number;
}

interface ClipVision extends ClipTower {
  /** Pixels along a side. */
  imageSize: number;
  patchSize: number;
  /** CLS and the patches. */
  tokens: number;
}

interface ClipText extends ClipTower {
  vocabSize: number;
  /** Longest text in tokens, start and end token included. */
  maxTokens: number;
  eosTokenId: number;
}

/**
 * Which token's output stands for a text: the first with the end token's id, or, in checkpoints whose configuration
 * still has the wrong end token 2, the first with the highest id.
 */
type TextPooling = 'first-end-token' | 'highest-id';

/** A CLIPModel as it lies on disk, checked: every tensor the towers need is in `index` with its expected shape. */
export interface ClipFolder {
  dir: string;
  /** The weights' own place: in a HuggingFace cache, model.safetensors is a link to it. */
  modelFile: string;
  index: SafetensorsIndex;
  vision: ClipVision;
  text: ClipText;
  textPooling: TextPooling;
  projectionDim: number;
  /** As stored: logits are exp(logitScale) times the cosine. */
  logitScale: number;
  preprocess: Preprocess;
  tokenizerPath: string;
}

/**
 * Reads a HuggingFace CLIPModel folder: config.json, model.safetensors (only its header and the logit scale),
 * preprocessor_config.json or processor_config.json, tokenizer.json.
 * NOT_FOUND when there is no such folder, MODEL_INVALID naming the file and the key or tensor that is wrong,
 * FILE_INVALID when the safetensors file is damaged.
 */
export async function readClipFolder(dir: string): Promise<ClipFolder> {
  const isFolder = await stat(dir).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new StrataError('NOT_FOUND', `${dir}: there is no such folder; give the folder of a CLIP model`);
  const config = await readJsonFile(join(dir, 'config.json'), clipConfigSchema, 'MODEL_INVALID');
  const index = await readWeights(dir, config);
  const preprocess = await readPreprocess(dir, config.vision_config.image_size);
  const tokenizerPath = join(dir, 'tokenizer.json');
  if (!(await exists(tokenizerPath)))
    throw missing(tokenizerPath, 'save the tokenizer with transformers beside the model');
  const { vision_config: vision, text_config: text } = config;
  const [logitScale] = await readTensor(index, 'logit_scale');
  return {
    dir,
    modelFile: await realpath(index.path),
    index,
    vision: {
      ...tower(vision),
      imageSize: vision.image_size,
      patchSize: vision.patch_size,
      tokens: 1 + Math.floor(vision.image_size / vision.patch_size) ** 2,
    },
    text: {
      ...tower(text),
      vocabSize: text.vocab_size,
      maxTokens: text.max_position_embeddings,
      eosTokenId: text.eos_token_id,
    },
    textPooling: text.eos_token_id === 2 ? 'highest-id' : 'first-end-token',
    projectionDim: config.projection_dim,
    logitScale,
    preprocess,
    tokenizerPath,
  };
}

async function readWeights(dir: string, config: ClipConfig): Promise<SafetensorsIndex> {
  const path = join(dir, 'model.safetensors');
  if (!(await exists(path))) {
    const sharded = await exists(join(dir, 'model.safetensors.index.json'));
    const advice = sharded
      ? 'the weights are in several files; save the model again with a larger max_shard_size'
      : 'save the model with transformers, which writes this file';
    throw missing(path, advice);
  }
  const index = await readSafetensorsIndex(path);
  checkClipTensors(index, config);
  return index;
}

/** The image processor's settings; its output must be as large as the vision tower's input. */
async function readPreprocess(dir: string, imageSize: number): Promise<Preprocess> {
  const ownFile = join(dir, 'preprocessor_config.json');
  const sharedFile = join(dir, 'processor_config.json');
  const useShared = !(await exists(ownFile)) && (await exists(sharedFile));
  const path = useShared ? sharedFile : ownFile;
  const preprocess = await readJsonFile(path, useShared ? processorSchema : preprocessorSchema, 'MODEL_INVALID');
  const output = preprocess.crop ?? preprocess.resize;
  if (output && 'width' in output && output.width === imageSize && output.height === imageSize) return preprocess;
  const key = preprocess.crop ? 'crop_size' : 'size';
  const expected = `${imageSize} x ${imageSize} pixels, as vision_config.image_size in config.json`;
  throw new StrataError('MODEL_INVALID', `${path}: ${key}: expected ${expected}, found ${JSON.stringify(output)}`);
}

function tower(config: ClipConfig['vision_config'] | ClipConfig['text_config']): ClipTower {
  return {
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    mlpWidth: config.intermediate_size,
    activation: config.hidden_act,
    layerNormEps: config.layer_norm_eps,
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function missing(path: string, advice: string): StrataError {
  return new StrataError('MODEL_INVALID', `${path}: there is no such file; ${advice}`);
}
