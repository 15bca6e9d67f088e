import { StrataError } from '../contract/errors.ts';
import type { ClipConfig } from './clip-config.ts';
import { othersNote } from './json-file.ts';
import type { SafetensorsIndex } from './safetensors.ts';

/** Element types that the towers read in place. */
const weightTypes: readonly string[] = ['F32', 'F16'];

/**
 * Checks that every tensor of both towers is there, in the shape the configuration asks for and in a type that is read.
 * One MODEL_INVALID error tells the first problem in full and counts the others. Further tensors, such as the
 * position_ids buffers of older checkpoints, are of no concern.
 */
export function checkClipTensors(index: SafetensorsIndex, config: ClipConfig): void {
  const problems: string[] = [];
  for (const [name, shape] of clipTensorShapes(config)) {
    const found = index.tensors.get(name);
    const sameShape = found?.shape.length === shape.length && shape.every((size, axis) => size === found.shape[axis]);
    if (found && sameShape && weightTypes.includes(found.dtype)) continue;
    const expected = `expected ${weightTypes.join(' or ')} [${shape.join(', ')}]`;
    problems.push(
      `tensor "${name}": ${expected}, found ${found ? `${found.dtype} [${found.shape.join(', ')}]` : 'none'}`,
    );
  }
  if (problems.length === 0) return;
  const advice = 'save the whole CLIPModel with transformers in float32 or float16';
  throw new StrataError('MODEL_INVALID', `${index.path}: ${problems[0]}${othersNote(problems.length - 1)}; ${advice}`);
}

/** Name and shape of every tensor of a CLIPModel, as transformers names them. */
export function* clipTensorShapes(config: ClipConfig): Generator<[name: string, shape: number[]]> {
  const { vision_config: vision, text_config: text, projection_dim: projection } = config;
  const width = vision.hidden_size;
  const tokens = 1 + Math.floor(vision.image_size / vision.patch_size) ** 2;
  yield ['logit_scale', []];
  yield ['visual_projection.weight', [projection, width]];
  yield ['text_projection.weight', [projection, text.hidden_size]];
  yield ['vision_model.embeddings.class_embedding', [width]];
  yield ['vision_model.embeddings.patch_embedding.weight', [width, 3, vision.patch_size, vision.patch_size]];
  yield ['vision_model.embeddings.position_embedding.weight', [tokens, width]];
  yield* layerNorm('vision_model.pre_layrnorm', width);
  yield* encoderLayers('vision_model', vision);
  yield* layerNorm('vision_model.post_layernorm', width);
  yield ['text_model.embeddings.token_embedding.weight', [text.vocab_size, text.hidden_size]];
  yield ['text_model.embeddings.position_embedding.weight', [text.max_position_embeddings, text.hidden_size]];
  yield* encoderLayers('text_model', text);
  yield* layerNorm('text_model.final_layer_norm', text.hidden_size);
}

function* encoderLayers(
  tower: string,
  config: { num_hidden_layers: number; hidden_size: number; intermediate_size: number },
): Generator<[string, number[]]> {
  const { hidden_size: width, intermediate_size: mlpWidth } = config;
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `${tower}.encoder.layers.${layer}`;
    yield* layerNorm(`${prefix}.layer_norm1`, width);
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      yield* linear(`${prefix}.self_attn.${part}`, width, width);
    }
    yield* layerNorm(`${prefix}.layer_norm2`, width);
    yield* linear(`${prefix}.mlp.fc1`, width, mlpWidth);
    yield* linear(`${prefix}.mlp.fc2`, mlpWidth, width);
  }
}

function* linear(name: string, inputs: number, outputs: number): Generator<[string, number[]]> {
  yield [`${name}.weight`, [outputs, inputs]];
  yield [`${name}.bias`, [outputs]];
}

function* layerNorm(name: string, width: number): Generator<[string, number[]]> {
  yield [`${name}.weight`, [width]];
  yield [`${name}.bias`, [width]];
}
