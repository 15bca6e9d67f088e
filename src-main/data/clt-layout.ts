import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import { sparsifierIds } from '../core/sparsifiers/index.ts';

/**
 * A CLT in circuit-tracer's layout (method, section 9), in raw (folded) space:
 *
 *   config.yaml            model_name, model_kind, hooks, and `sparsifier`, which that layout does not know
 *   W_enc_i.safetensors    W_enc_i [m, d], b_enc_i [m], b_dec_i [d], threshold_i [m] where there is a threshold
 *   W_dec_i.safetensors    W_dec_i [m, L-i, d], axis 1 = targets i..L-1
 *
 * Each file's metadata repeats `sparsifier`, as JSON.
 */
export const sparsifierSchema = z.looseObject({ kind: z.enum(sparsifierIds as [string, ...string[]]) });

const hook = z.union([z.string(), z.array(z.string())]).optional();

/** Other programs keep further keys here. */
export const cltConfigSchema = z.looseObject({
  model_name: z.string().default(''),
  model_kind: z.literal('cross_layer_transcoder'),
  feature_input_hook: hook,
  feature_output_hook: hook,
  sparsifier: sparsifierSchema.optional(),
});

/** What Strata's transcoders read and write: the second LayerNorm's output, and the MLP's. */
export const hooks = { feature_input_hook: 'mlp.hook_in', feature_output_hook: 'mlp.hook_out' } as const;

/** The file that holds a tensor. */
export function fileOf(tensor: string): string {
  const layer = tensor.slice(tensor.lastIndexOf('_') + 1);
  return `${tensor.startsWith('W_dec') ? 'W_dec' : 'W_enc'}_${layer}.safetensors`;
}

/** Stored tensors of a CLT with their shapes: like the trained ones, with `threshold_i` for `log_theta_i`. */
export function storedTensors(shape: CltShape): { name: string; shape: readonly number[] }[] {
  return cltParameters(shape).map((spec) => ({
    name: spec.name.replace('log_theta_', 'threshold_'),
    shape: spec.shape,
  }));
}

export function invalidClt(path: string, problem: string): StrataError {
  return new StrataError('FILE_INVALID', `${path}: ${problem}`);
}
