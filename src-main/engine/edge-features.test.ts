import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { sparsifierIds } from '../core/sparsifiers/index.ts';
import { plainCode, plainContribution, readPlainClt } from '../testing/plain-clt.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { EdgeFeatures } from './edge-features.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-edge-features-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const size = { layers: 3, width: 5, features: 9 };
const target = 2;
const tokens = 7;

describe.each(sparsifierIds)('the features of an edge with %s', (kind) => {
  it('add what a naive loop over tokens and features says, and fire where it says', async () => {
    const { folder } = await writeRandomClt(join(dir, kind), size, kind, 3);
    const rng = new Rng(5, kind);
    const x = Float32Array.from({ length: tokens * size.layers * size.width }, () => 2 * rng.uniform() - 1);
    const groups = [
      [1, 0, 0, 1, 0, 0, 0],
      [0, 1, 1, 0, 1, 1, 1],
    ];
    const edges = await EdgeFeatures.load(folder, target, 'cpu');
    const sums = await edges.run(x, Float32Array.from(groups.flat()));
    await edges.release();

    const clt = readPlainClt(folder.dir);
    const shares = sums.shares.map(({ length }) => Array<number>(length).fill(0));
    const fired = sums.fired.map(({ length }) => Array<number>(length).fill(0));
    const written = [0, 0];
    for (let token = 0; token < tokens; token++) {
      const group = groups[1][token];
      const codes = Array.from({ length: target + 1 }, (_, layer) => {
        const from = (token * size.layers + layer) * size.width;
        return plainCode(clt, layer, Array.from(x.subarray(from, from + size.width)));
      });
      const total = Array<number>(size.width).fill(0);
      codes.forEach((z, source) => {
        plainContribution(clt, source, target, z).forEach((value, at) => {
          total[at] += value;
        });
      });
      const norm = total.reduce((sum, value) => sum + value * value, 0);
      if (norm > 0) written[group]++;
      codes.forEach((z, source) => {
        z.forEach((value, feature) => {
          if (value === 0) return;
          const alone = z.map((_, at) => (at === feature ? value : 0));
          const dot = plainContribution(clt, source, target, alone).reduce((sum, v, at) => sum + v * total[at], 0);
          shares[source][group * size.features + feature] += dot / norm;
          fired[source][group * size.features + feature]++;
        });
      });
    }
    expect(Array.from(sums.written)).toEqual(written);
    sums.fired.forEach((values, source) => {
      expect(Array.from(values)).toEqual(fired[source]);
    });
    sums.shares.forEach((values, source) => {
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(shares[source][at], 5);
      });
    });
    // A target's shares sum to 1 in every token that is written to.
    groups.forEach((_, group) => {
      const all = sums.shares.flatMap((values) => [
        ...values.subarray(group * size.features, (group + 1) * size.features),
      ]);
      expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(written[group], 4);
    });
  });

  it('are 0 where nothing is written', async () => {
    const { folder } = await writeRandomClt(join(dir, `${kind}-silent`), { ...size, layers: 1 }, kind, 4, {
      initialThreshold: 1e6,
    });
    const edges = await EdgeFeatures.load(folder, 0, 'cpu');
    const sums = await edges.run(new Float32Array(size.width).fill(-1e-3), Float32Array.of(1));
    await edges.release();
    expect(sums.shares[0].every(Number.isFinite)).toBe(true);
    if (kind === 'jumprelu') expect([...sums.shares[0], ...sums.written]).toEqual(Array(size.features + 1).fill(0));
  });
});
