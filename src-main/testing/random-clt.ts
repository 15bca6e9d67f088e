import { initialParameters } from '../core/clt-init.ts';
import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import { Rng } from '../core/rng.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import { type CltFolder, readCltFolder, writeCltFolder } from '../data/clt-folder.ts';

/** Writes a CLT with random weights, biases too, and reads it back; with its weights by name. */
export async function writeRandomClt(
  dir: string,
  size: { layers: number; width: number; features: number },
  kind: string,
  seed: number,
  own: Record<string, number> = {},
): Promise<{ folder: CltFolder; weights: Map<string, Float32Array> }> {
  // Values at which some features of so small a CLT fire and others do not.
  const defaults = sparsifierById(kind).parameters.parse({}) as Record<string, number>;
  const suited = { k: Math.max(1, Math.floor(size.features / 3)), initialThreshold: 0.2, ...own };
  const parameters = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, suited[name as keyof typeof suited] ?? value]),
  );
  const shape: CltShape = { ...size, sparsifier: { kind, parameters } };
  const weights = new Map<string, Float32Array>();
  const initial = initialParameters(shape, seed);
  for (const { name } of cltParameters(shape)) {
    const values = initial.get(name) as Float32Array;
    const rng = new Rng(seed, `bias/${name}`);
    if (name.startsWith('log_theta')) weights.set(name.replace('log_theta', 'threshold'), values.map(Math.exp));
    else weights.set(name, name.startsWith('b_') ? values.map(() => rng.uniform() - 0.5) : values);
  }
  await writeCltFolder(dir, 'random', shape, weights);
  return { folder: await readCltFolder(dir), weights };
}
