import { describe, expect, it } from 'vitest';
import type { Results } from '../../contract/results.ts';
import { tokenGroups } from '../../core/tokens.ts';
import { randomResults } from '../../testing/random-results.ts';
import { runGroups } from '../run-groups.ts';
import { claims } from './index.ts';

const layers = 12;

function test(id: string, ...runs: Results[]) {
  const claim = claims.find((candidate) => candidate.id === id);
  const [group] = runGroups(runs);
  if (claim === undefined) throw new Error(`no claim ${id}`);
  return claim.test(group);
}

/** A run whose windows lose so much on n images, `changed` of whose predictions differ. */
function cascading(n: number, loss: (from: number, tokens: string) => number, changed: number, seed = 0): Results {
  const run = randomResults({ layers, seed });
  const cascade = tokenGroups.flatMap((tokens) =>
    Array.from({ length: layers }, (_, from) => ({
      from,
      tokens,
      top1: 0.6 - loss(from, tokens),
      top5: 0.9,
      n,
      frozenTop1: 0.6,
      kl: 0,
      flipRate: changed,
      top5Agreement: 1,
      cosine: 1,
      cka: 1,
      spearman: 1,
    })),
  );
  return { ...run, cascade };
}

describe('late windows', () => {
  it('hold where accuracy is kept on many images, whatever earlier windows lose', () => {
    const run = cascading(2000, (from) => (from < 7 ? 0.2 : 0.005), 0.02);
    expect(test('late-windows', run).verdict).toBe('holds');
    expect(test('late-windows', run).summary).toContain('replacing every block on all tokens loses 20.0');
  });

  it('do not hold where one of them loses more than the margin and than chance', () => {
    const run = cascading(2000, (from) => (from === 8 ? 0.08 : 0), 0.1);
    expect(test('late-windows', run)).toMatchObject({ verdict: 'does not hold' });
    expect(test('late-windows', run).summary).toContain('8.0 ± 1.4 pp (L8 to L11, all tokens; ± 2 errors; n = 2000)');
  });

  it('are undecided on few images', () => {
    const run = cascading(64, () => 1 / 64, 0.1);
    expect(test('late-windows', run).verdict).toBe('undecided');
  });

  it('are judged on the mean over seeds', () => {
    const seeds = [0, 1].map((seed) => cascading(2000, () => (seed === 0 ? 0 : 0.02), 0.02, seed));
    expect(test('late-windows', ...seeds).verdict).toBe('holds');
    expect(test('late-windows', seeds[1]).summary).toContain('2.0');
  });
});

describe('CLS replacement', () => {
  it('holds or not by all windows', () => {
    const kept = cascading(2000, (_, tokens) => (tokens === 'cls' ? 0 : 0.3), 0.01);
    expect(test('cls-replacement', kept).verdict).toBe('holds');
    const lost = cascading(2000, (from, tokens) => (tokens === 'cls' && from === 0 ? 0.1 : 0), 0.15);
    expect(test('cls-replacement', lost).verdict).toBe('does not hold');
  });
});

describe('the patches’ diagonal', () => {
  const withDiagonal = (share: (target: number) => number): Results => {
    const patches = Array.from({ length: layers }, (_, source) =>
      Array.from({ length: layers }, (_, target) => {
        if (source > target) return null;
        return source === target ? share(target) : (1 - share(target)) / target;
      }),
    );
    return { ...randomResults({ layers }), contribution: { cls: patches, patches, all: patches } };
  };

  it('holds, in part or not at all, by its share and by the largest source', () => {
    expect(
      test(
        'diagonal-patches',
        withDiagonal(() => 0.6),
      ).verdict,
    ).toBe('holds');
    // L1 and L2 have few sources: 0.365 is the largest only from L2 on.
    expect(
      test(
        'diagonal-patches',
        withDiagonal((target) => (target < 3 ? 0.8 : 0.3)),
      ).verdict,
    ).toBe('holds in part');
    expect(
      test(
        'diagonal-patches',
        withDiagonal(() => 0.01),
      ).verdict,
    ).toBe('does not hold');
    expect(
      test(
        'diagonal-patches',
        withDiagonal(() => 0.6),
      ).summary,
    ).toContain('10 of 10');
  });

  it('needs inner targets', () => {
    expect(test('diagonal-patches', randomResults({ layers: 2 })).verdict).toBe('not measured');
  });
});

describe('necessity and sufficiency', () => {
  const rebuilt = (n: number, { drop, keep, random, worst }: Record<'drop' | 'keep' | 'random' | 'worst', number>) => ({
    ...randomResults({ layers }),
    necessity: (['cls', 'all'] as const).map((tokens) => ({
      tokens,
      n,
      frozenTop1: 0.6,
      ranking: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
      dropTop1: { source: 11, top1: drop },
      keepTop4: { sources: [11, 10, 9, 8], top1: keep },
      controls: [
        { name: 'drop-random', seed: 0, sources: [3], top1: random },
        // A draw of the best source itself is no control.
        { name: 'drop-random', seed: 1, sources: [11], top1: 0 },
        { name: 'keep-worst-4', sources: [3, 2, 1, 0], top1: worst },
      ],
    })),
  });

  it('top-1 matters where dropping it costs more than chance and than a random source', () => {
    expect(test('top-one', rebuilt(5000, { drop: 0.5, keep: 0.6, random: 0.59, worst: 0.3 })).verdict).toBe('holds');
    expect(test('top-one', rebuilt(5000, { drop: 0.5, keep: 0.6, random: 0.45, worst: 0.3 })).verdict).toBe(
      'does not hold',
    );
    expect(test('top-one', rebuilt(5000, { drop: 0.61, keep: 0.6, random: 0.6, worst: 0.3 })).verdict).toBe(
      'does not hold',
    );
  });

  it('a difference of one image is no effect', () => {
    const run = rebuilt(64, { drop: 0.6 - 1 / 64, keep: 0.6, random: 0.6, worst: 0.6 });
    expect(test('top-one', run).verdict).toBe('undecided');
  });

  it('top-4 suffice where accuracy is kept, in part where the worst four do as well', () => {
    expect(test('top-four', rebuilt(20000, { drop: 0.5, keep: 0.6, random: 0.6, worst: 0.4 })).verdict).toBe('holds');
    expect(test('top-four', rebuilt(20000, { drop: 0.5, keep: 0.6, random: 0.6, worst: 0.6 })).verdict).toBe(
      'holds in part',
    );
    expect(test('top-four', rebuilt(20000, { drop: 0.5, keep: 0.4, random: 0.6, worst: 0.3 })).verdict).toBe(
      'does not hold',
    );
    expect(test('top-four', rebuilt(64, { drop: 0.5, keep: 0.6, random: 0.6, worst: 0.6 })).verdict).toBe('undecided');
  });
});

describe('the audit', () => {
  const audited = (rho: number) => test('audit', { ...randomResults({ layers: 8 }), auditSpearman: rho });

  it('supports or refutes the scores by the sign and size of rho', () => {
    expect(audited(0.87).verdict).toBe('holds');
    expect(audited(0.3).verdict).toBe('undecided');
    expect(audited(-0.3).verdict).toBe('does not hold');
    expect(audited(-0.3).summary).not.toContain('refuted');
    expect(audited(-0.87).verdict).toBe('does not hold');
    expect(audited(-0.87).summary).toContain('ρ = −0.87 over L = 8 layers (bound ±0.62): the scores are refuted');
  });
});

describe('what was not measured', () => {
  it('is said so', () => {
    const { cascade, contribution, necessity, audit, auditSpearman, ...bare } = randomResults({ layers });
    expect(claims.map(({ id }) => test(id, bare).verdict)).toEqual(claims.map(() => 'not measured'));
  });
});
