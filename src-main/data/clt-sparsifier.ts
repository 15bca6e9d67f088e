import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import type { CltShape } from '../core/clt-shape.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import { invalidClt, sparsifierSchema } from './clt-layout.ts';
import type { SafetensorsIndex } from './safetensors.ts';

type Sparsifier = CltShape['sparsifier'];

/** What config.yaml or the files' metadata name; all that do must agree, and files alone must do so without exception. */
export function namedSparsifier(
  dir: string,
  inConfig: z.infer<typeof sparsifierSchema> | undefined,
  indexes: ReadonlyMap<string, SafetensorsIndex>,
): Sparsifier | undefined {
  const configPath = join(dir, 'config.yaml');
  const byFile = [...indexes.values()].map(({ path, metadata }) => ({ path, text: metadata.sparsifier }));
  const naming = byFile.flatMap(({ path, text }) =>
    text === undefined ? [] : [{ path, sparsifier: validSparsifier(path, parseMetadata(path, text)) }],
  );
  const named = inConfig ? { path: configPath, sparsifier: validSparsifier(configPath, inConfig) } : naming[0];
  if (named === undefined) return undefined;
  const wanted = canonicalJson(named.sparsifier);
  for (const { path, sparsifier } of naming) {
    const found = canonicalJson(sparsifier);
    if (found !== wanted) throw invalidClt(path, `sparsifier: expected ${wanted} as in ${named.path}, found ${found}`);
  }
  const silent = byFile.find(({ text }) => text === undefined);
  if (!inConfig && silent) {
    throw invalidClt(silent.path, `sparsifier: expected ${wanted} in its metadata as in ${named.path}, found none`);
  }
  return named.sparsifier;
}

function parseMetadata(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidClt(path, `the metadata's sparsifier is not JSON: ${text}`);
  }
}

function validSparsifier(path: string, value: unknown): Sparsifier {
  const refuse = ({ issues: [issue] }: z.ZodError) =>
    invalidClt(path, `${['sparsifier', ...issue.path].join('.')}: ${issue.message}`);
  const named = sparsifierSchema.safeParse(value);
  if (!named.success) throw refuse(named.error);
  const { kind, ...rest } = named.data;
  const schema = sparsifierById(kind).parameters;
  // What k was cannot be guessed; the other parameters matter in training only.
  if (schema.shape.k && rest.k === undefined) throw invalidClt(path, 'sparsifier.k: expected a number, found none');
  const parameters = schema.safeParse(rest);
  if (!parameters.success) throw refuse(parameters.error);
  return { kind, parameters: z.record(z.string(), z.number()).parse(parameters.data) };
}

/** As circuit-tracer has it: with thresholds JumpReLU, without them ReLU. */
export function assumedSparsifier(indexes: ReadonlyMap<string, SafetensorsIndex>): Sparsifier {
  const names = [...indexes.values()].flatMap(({ tensors }) => [...tensors.keys()]);
  const kind = names.some((name) => name.startsWith('threshold_')) ? 'jumprelu' : 'relu';
  return { kind, parameters: z.record(z.string(), z.number()).parse(sparsifierById(kind).parameters.parse({})) };
}
