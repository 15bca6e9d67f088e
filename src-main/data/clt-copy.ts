import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';
import { canonicalJson } from '../core/canonical-json.ts';
import { writeAtomically } from './atomic-file.ts';
import type { CltFolder } from './clt-folder.ts';
import { invalidClt } from './clt-layout.ts';
import { hashFile } from './hash.ts';
import { readTensor, type SafetensorsIndex, writeSafetensors } from './safetensors.ts';

/**
 * Copies a CLT into `to` in the form that runs keep: files of float32 byte for byte, others with their values as
 * float32, and a config.yaml, which comes last, that names the sparsifier. No more than one file of other types, or one
 * tensor, is in memory at a time. FILE_INVALID naming file and tensor when a value is not finite.
 */
export async function copyCltFolder(folder: CltFolder, to: string, signal?: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const index of weightFiles(folder)) {
    signal?.throwIfAborted();
    const path = join(to, basename(index.path));
    // The engine reads the values where they lie.
    if ([...index.tensors.values()].every(({ dtype, offset }) => dtype === 'F32' && offset % 4 === 0)) {
      for (const name of index.tensors.keys()) await finiteTensor(index, name);
      await copyFile(index.path, path);
    } else {
      const tensors = [...index.tensors].map(async ([name, { shape }]) => {
        return { name, dtype: 'F32', shape, data: await finiteTensor(index, name) } as const;
      });
      await writeSafetensors(path, await Promise.all(tensors), index.metadata);
    }
  }
  const config = await namingConfig(folder);
  await writeAtomically(join(to, 'config.yaml'), async (handle) => {
    await handle.writeFile(config);
  });
}

/** SHA-256 over the names and bytes of a CLT's weight files. */
export async function cltHash(folder: CltFolder, signal?: AbortSignal): Promise<string> {
  const hashes: Record<string, string> = {};
  for (const { path } of weightFiles(folder)) hashes[basename(path)] = await hashFile(path, signal);
  return createHash('sha256').update(canonicalJson(hashes)).digest('hex');
}

function weightFiles(folder: CltFolder): Set<SafetensorsIndex> {
  return new Set(folder.files.values());
}

async function finiteTensor(index: SafetensorsIndex, name: string): Promise<Float32Array> {
  const values = await readTensor(index, name);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw invalidClt(index.path, `${name}: expected finite values, found ${values[bad]} at place ${bad}`);
}

/** The folder's config.yaml, byte for byte where it names the sparsifier. */
async function namingConfig({ dir, config, shape }: CltFolder): Promise<Buffer | string> {
  const bytes = await readFile(join(dir, 'config.yaml'));
  if (config.sparsifier !== undefined) return bytes;
  const document = parseDocument(bytes.toString('utf8'));
  document.set('sparsifier', { kind: shape.sparsifier.kind, ...shape.sparsifier.parameters });
  return String(document);
}
