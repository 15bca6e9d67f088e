import { type Results, resultsSchema } from '../contract/results.ts';
import { Rng } from '../core/rng.ts';
import { type TokenGroup, tokenGroups } from '../core/tokens.ts';

interface Choice {
  layers: number;
  seed?: number;
  sparsifier?: { kind: string; [parameter: string]: number | string };
  templates?: number;
}

/** A complete results document of plausible shape and random numbers, checked by its schema. */
export function randomResults({
  layers,
  seed = 0,
  sparsifier = { kind: 'relu-topk' },
  templates = 5,
}: Choice): Results {
  const rng = new Rng(seed, `results/${sparsifier.kind}`);
  const between = (low: number, high: number) => low + (high - low) * rng.uniform();
  const each = <T>(make: (layer: number) => T) => Array.from({ length: layers }, (_, layer) => make(layer));
  const byGroup = <T>(make: (tokens: TokenGroup) => T) => ({
    cls: make('cls'),
    patches: make('patches'),
    all: make('all'),
  });
  const n = 200;
  const share = (low: number, high: number) => Math.round(n * between(low, high)) / n;
  const frozenTop1 = share(0.6, 0.7);
  const contribution = byGroup(() => {
    const columns = each((target) => {
      const raw = Array.from({ length: target + 1 }, (_, source) => between(-0.1, 1) + (source === target ? 1 : 0));
      const sum = raw.reduce((total, value) => total + value, 0);
      return raw.map((value) => value / sum);
    });
    return each((source) => each((target) => (source <= target ? columns[target][source] : null)));
  });
  const ranking = each((layer) => layer).reverse();
  const names = Array.from(
    { length: templates },
    (_, at) => `a ${'very '.repeat(at % 7)}small picture of a {}, ${at}.`,
  );
  return resultsSchema.parse({
    schemaVersion: 1,
    run: {
      id: `${sparsifier.kind}-${seed}`,
      config: { name: `${sparsifier.kind}-${seed}`, seed, train: { sparsifier } },
      seed,
      model: { name: 'mini-clip', sha256: 'a'.repeat(64) },
      dataset: { name: 'emoji', sha256: 'b'.repeat(64), train: 800, test: n },
    },
    reconstruction: byGroup(() =>
      each((layer) => ({
        layer,
        cosine: between(0.85, 0.99),
        mse: 10 ** between(-4, -1),
        r2: between(0.6, 0.95),
        l0: 32,
        dead: between(0, 0.3),
      })),
    ),
    zeroShot: { top1: share(0.6, 0.7), top5: share(0.8, 0.9), n },
    cascade: each((from) => from).flatMap((from) =>
      tokenGroups.map((tokens) => ({
        from,
        tokens,
        top1: share(0.4, 0.65),
        top5: share(0.7, 0.9),
        n,
        frozenTop1,
        kl: between(0, 1),
        flipRate: share(0, 0.4),
        top5Agreement: between(0.6, 1),
        cosine: between(0.8, 1),
        cka: between(0.8, 1),
        spearman: between(0.8, 1),
      })),
    ),
    contribution,
    necessity: (['cls', 'all'] as const).map((tokens) => ({
      tokens,
      n,
      frozenTop1,
      ranking,
      dropTop1: { source: ranking[0], top1: share(0.4, 0.65) },
      keepTop4: { sources: ranking.slice(0, 4), top1: share(0.5, 0.65) },
      controls: [
        ...[0, 1, 2, 3, 4].map((control) => ({
          name: 'drop-random',
          seed: control,
          sources: [rng.below(layers)],
          top1: share(0.5, 0.65),
        })),
        { name: 'keep-worst-4', sources: ranking.slice(-4), top1: share(0.4, 0.6) },
      ],
    })),
    audit: each((layer) => ({
      layer,
      zeroAblationTop1: share(0.3, 0.7),
      meanAblationTop1: share(0.3, 0.7),
      n,
      frozenTop1,
    })),
    auditSpearman: between(-1, 1),
    prompts: {
      templates: names,
      n,
      frozen: { top1: names.map(() => share(0.5, 0.7)), spread: between(0.01, 0.03) },
      rows: each((from) => from).flatMap((from) =>
        tokenGroups.map((tokens) => ({
          from,
          tokens,
          top1: names.map(() => share(0.4, 0.65)),
          spread: between(0.01, 0.05),
          meanAbsDifference: between(0.01, 0.05),
        })),
      ),
    },
    retrieval: {
      cls: each((layer) => ({ layer, precisionAt3: share(0.2, 0.7), rawPrecisionAt3: share(0.2, 0.7), n })),
      patches: each((layer) => ({ layer, precisionAt3: share(0.2, 0.7), rawPrecisionAt3: share(0.2, 0.7), n })),
    },
    timings: { capture: 11.3, train: 37, evaluate: 8.9 },
  });
}
