import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import { sparsifierById, sparsifierIds } from '../core/sparsifiers/index.ts';
import { writeAtomically } from './atomic-file.ts';
import { readSafetensorsIndex, type SafetensorsIndex, type TensorToWrite, writeSafetensors } from './safetensors.ts';

/**
 * A CLT in circuit-tracer's layout (method, section 9), in raw (folded) space:
 *
 *   config.yaml            model_name, model_kind, hooks, and `sparsifier`, which that layout does not know
 *   W_enc_i.safetensors    W_enc_i [m, d], b_enc_i [m], b_dec_i [d], threshold_i [m] where there is a threshold
 *   W_dec_i.safetensors    W_dec_i [m, L-i, d], axis 1 = targets i..L-1
 */
const configSchema = z.looseObject({
  model_name: z.string(),
  model_kind: z.literal('cross_layer_transcoder'),
  feature_input_hook: z.string(),
  feature_output_hook: z.string(),
  sparsifier: z.looseObject({ kind: z.enum(sparsifierIds as [string, ...string[]]) }),
});

export interface CltFolder {
  dir: string;
  modelName: string;
  shape: CltShape;
  /** By tensor name: the file that holds it, and its place there. */
  files: ReadonlyMap<string, SafetensorsIndex>;
}

function fileOf(name: string): string {
  const layer = name.slice(name.lastIndexOf('_') + 1);
  return `${name.startsWith('W_dec') ? 'W_dec' : 'W_enc'}_${layer}.safetensors`;
}

/** Stored tensors of a CLT with their shapes: like the trained ones, with `threshold_i` for `log_theta_i`. */
function storedTensors(shape: CltShape): { name: string; shape: readonly number[] }[] {
  return cltParameters(shape).map((spec) => ({
    name: spec.name.replace('log_theta_', 'threshold_'),
    shape: spec.shape,
  }));
}

/** Writes folded weights; config.yaml comes last, so that a folder without it is one that was not finished. */
export async function writeCltFolder(
  dir: string,
  modelName: string,
  shape: CltShape,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const { kind, parameters } = shape.sparsifier;
  const sparsifier = { kind, ...parameters };
  const byFile = new Map<string, TensorToWrite[]>();
  for (const { name, shape: dims } of storedTensors(shape)) {
    const data = weights.get(name);
    if (!data) throw new Error(`the CLT to write has no ${name}`);
    const file = fileOf(name);
    byFile.set(file, [...(byFile.get(file) ?? []), { name, dtype: 'F32', shape: dims, data }]);
  }
  for (const [file, tensors] of byFile) {
    await writeSafetensors(join(dir, file), tensors, { sparsifier: JSON.stringify(sparsifier) });
  }
  const config = stringify({
    model_name: modelName,
    model_kind: 'cross_layer_transcoder',
    feature_input_hook: 'mlp.hook_in',
    feature_output_hook: 'mlp.hook_out',
    sparsifier,
  });
  await writeAtomically(join(dir, 'config.yaml'), async (handle) => {
    await handle.writeFile(config);
  });
}

/**
 * Reads what a CLT folder holds, without its weights. FILE_INVALID naming the file, the tensor, what was expected and
 * found; a folder that does not name its sparsifier is refused, never taken for ReLU.
 */
export async function readCltFolder(dir: string): Promise<CltFolder> {
  const path = join(dir, 'config.yaml');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StrataError('NOT_FOUND', `${path}: cannot be read; give the folder of a cross-layer transcoder`, {
      cause,
    });
  });
  const config = configSchema.safeParse(parse(text));
  if (!config.success) {
    const [issue] = config.error.issues;
    throw new StrataError('FILE_INVALID', `${path}: ${issue.path.join('.')}: ${issue.message}`);
  }
  const { kind, ...rest } = config.data.sparsifier;
  const parameters = sparsifierById(kind).parameters.safeParse(rest);
  if (!parameters.success) {
    const [issue] = parameters.error.issues;
    throw new StrataError('FILE_INVALID', `${path}: sparsifier.${issue.path.join('.')}: ${issue.message}`);
  }
  const first = await readSafetensorsIndex(join(dir, fileOf('W_dec_0')));
  const [features, layers, width] = first.tensors.get('W_dec_0')?.shape ?? [];
  if (!width)
    throw new StrataError('FILE_INVALID', `${first.path}: expected a tensor W_dec_0 [features, layers, width]`);
  const shape: CltShape = {
    layers,
    width,
    features,
    sparsifier: { kind, parameters: z.record(z.string(), z.number()).parse(parameters.data) },
  };
  const indexes = new Map<string, SafetensorsIndex>();
  const files = new Map<string, SafetensorsIndex>();
  for (const { name, shape: dims } of storedTensors(shape)) {
    const file = fileOf(name);
    const index = indexes.get(file) ?? (await readSafetensorsIndex(join(dir, file)));
    indexes.set(file, index);
    const found = index.tensors.get(name);
    if (found?.dtype !== 'F32' || found.shape.join() !== dims.join()) {
      const what = found ? `${found.dtype} [${found.shape.join(', ')}]` : 'no such tensor';
      throw new StrataError('FILE_INVALID', `${index.path}: ${name}: expected F32 [${dims.join(', ')}], found ${what}`);
    }
    files.set(name, index);
  }
  return { dir, modelName: config.data.model_name, shape, files };
}
