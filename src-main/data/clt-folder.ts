import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import type { CltShape } from '../core/clt-shape.ts';
import { writeAtomically } from './atomic-file.ts';
import { cltConfigSchema, fileOf, hooks, invalidClt, storedTensors } from './clt-layout.ts';
import { assumedSparsifier, namedSparsifier } from './clt-sparsifier.ts';
import { readSafetensorsIndex, type SafetensorsIndex, type TensorToWrite, writeSafetensors } from './safetensors.ts';
import type { ElementKind } from './safetensors-header.ts';

export interface CltFolder {
  dir: string;
  config: z.infer<typeof cltConfigSchema>;
  shape: CltShape;
  /** By tensor name: the file that holds it, and its place there. */
  files: ReadonlyMap<string, SafetensorsIndex>;
  /** True when nothing names the sparsifier, so that its kind was told by the thresholds: there (jumprelu) or not (relu). */
  assumed: boolean;
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
  const config = stringify({ model_name: modelName, model_kind: 'cross_layer_transcoder', ...hooks, sparsifier });
  await writeAtomically(join(dir, 'config.yaml'), async (handle) => {
    await handle.writeFile(config);
  });
}

/**
 * Reads what a CLT folder holds, without its weights, whose elements must be of one of `types`. FILE_INVALID naming the
 * file, the tensor, what was expected and found; NOT_FOUND when a file is missing.
 */
export async function readCltFolder(dir: string, types: readonly ElementKind[] = ['F32']): Promise<CltFolder> {
  const config = await readConfig(dir);
  const indexes = await readIndexes(dir);
  const first = indexes.get(fileOf('W_dec_0')) as SafetensorsIndex;
  const [features, layers, width] = first.tensors.get('W_dec_0')?.shape ?? [];
  if (!width || !features || layers !== indexes.size / 2) {
    const found = first.tensors.get('W_dec_0')?.shape.join(', ');
    const expected = `expected [features, ${indexes.size / 2} layers, width], one layer for each W_enc file`;
    throw invalidClt(first.path, `W_dec_0: ${expected}, found ${found ? `[${found}]` : 'no such tensor'}`);
  }
  const named = namedSparsifier(dir, config.sparsifier, indexes);
  const shape = { layers, width, features, sparsifier: named ?? assumedSparsifier(indexes) };
  const files = checkTensors(shape, indexes, types);
  return { dir, config, shape, files, assumed: named === undefined };
}

async function readConfig(dir: string): Promise<CltFolder['config']> {
  const path = join(dir, 'config.yaml');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StrataError('NOT_FOUND', `${path}: cannot be read; give the folder of a cross-layer transcoder`, {
      cause,
    });
  });
  const config = cltConfigSchema.safeParse(parseYaml(path, text));
  if (config.success) return config.data;
  const [issue] = config.error.issues;
  throw invalidClt(path, `${issue.path.join('.') || 'the file'}: ${issue.message}`);
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw invalidClt(path, `not YAML: ${error.message.split('\n')[0]}`);
  }
}

/** Headers of the weights' files by file name: as many encoders as decoders, numbered from 0. */
async function readIndexes(dir: string): Promise<Map<string, SafetensorsIndex>> {
  const names = (await readdir(dir)).filter((name) => /^W_(enc|dec)_\d+\.safetensors$/.test(name));
  const layers = 1 + Math.max(0, ...names.map((name) => Number(/\d+/.exec(name)?.[0])));
  const indexes = new Map<string, SafetensorsIndex>();
  for (let layer = 0; layer < layers; layer++) {
    for (const tensor of [`W_enc_${layer}`, `W_dec_${layer}`]) {
      indexes.set(fileOf(tensor), await readSafetensorsIndex(join(dir, fileOf(tensor))));
    }
  }
  return indexes;
}

/** Every tensor of the shape in its file, and no other. */
function checkTensors(
  shape: CltShape,
  indexes: ReadonlyMap<string, SafetensorsIndex>,
  types: readonly ElementKind[],
): Map<string, SafetensorsIndex> {
  const files = new Map<string, SafetensorsIndex>();
  for (const { name, shape: dims } of storedTensors(shape)) {
    const index = indexes.get(fileOf(name)) as SafetensorsIndex;
    const found = index.tensors.get(name);
    if (found === undefined || !types.includes(found.dtype) || found.shape.join() !== dims.join()) {
      const what = found ? `${found.dtype} [${found.shape.join(', ')}]` : 'no such tensor';
      throw invalidClt(index.path, `${name}: expected ${types.join(' or ')} [${dims.join(', ')}], found ${what}`);
    }
    files.set(name, index);
  }
  for (const { path, tensors } of indexes.values()) {
    const extra = [...tensors.keys()].find((name) => files.get(name)?.path !== path);
    if (extra === undefined) continue;
    throw invalidClt(path, `${extra}: expected no such tensor in a CLT with ${shape.sparsifier.kind}, found one`);
  }
  return files;
}
