import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureStatistics, type FeatureStatisticsSize } from './feature-statistics.ts';
import { Rng } from './rng.ts';

const sizes = fc.record({
  features: fc.integer({ min: 1, max: 7 }),
  tokens: fc.integer({ min: 1, max: 5 }),
  embeddingWidth: fc.integer({ min: 1, max: 4 }),
  topImages: fc.integer({ min: 1, max: 4 }),
});

interface Sample {
  image: number;
  z: Float32Array;
  embedding: Float32Array;
}

/** Images with mostly empty codes of few distinct values, so that ties are frequent. */
function samplesOf({ features, tokens, embeddingWidth }: FeatureStatisticsSize, count: number, seed: number): Sample[] {
  const rng = new Rng(seed, 'samples');
  const values = [0, 0, 0, 0, 0.5, -0.5, 1, -1];
  return Array.from({ length: count }, (_, image) => ({
    image: 3 * image,
    z: Float32Array.from({ length: tokens * features }, () => values[rng.below(values.length)]),
    embedding: Float32Array.from({ length: embeddingWidth }, () => (rng.below(5) === 0 ? 0 : rng.uniform() - 0.5)),
  }));
}

function statisticsOf(size: FeatureStatisticsSize, samples: readonly Sample[]): FeatureStatistics {
  const statistics = new FeatureStatistics(size);
  for (const { image, z, embedding } of samples) statistics.add(image, z, embedding);
  return statistics;
}

/** The definitions of method section 8, one feature at a time, with everything in memory and a full sort. */
function naive(size: FeatureStatisticsSize, samples: readonly Sample[], feature: number) {
  const { features, tokens, topImages } = size;
  const places = samples.flatMap(({ image, z }) =>
    Array.from({ length: tokens }, (_, token) => ({ image, token, value: z[token * features + feature] })),
  );
  const rate = (all: typeof places) =>
    all.length === 0 ? 0 : all.filter(({ value }) => value !== 0).length / all.length;
  const firing = places.filter(({ value }) => value !== 0);
  const peaks = samples.flatMap(({ image }) => {
    const own = firing.filter((place) => place.image === image);
    return own.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.token - b.token).slice(0, 1);
  });
  const embedding = samples.reduce((sum, sample) => {
    const weight = Math.abs(peaks.find(({ image }) => image === sample.image)?.value ?? 0);
    const norm = Math.hypot(...sample.embedding) || 1;
    return sum.map((value, at) => value + (weight * sample.embedding[at]) / norm);
  }, Array<number>(size.embeddingWidth).fill(0));
  const top = peaks.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.image - b.image);
  return {
    summary: {
      firingRate: {
        all: rate(places),
        cls: rate(places.filter(({ token }) => token === 0)),
        patches: rate(places.filter(({ token }) => token > 0)),
      },
      imageRate: peaks.length / samples.length,
      mean: firing.length === 0 ? 0 : firing.reduce((sum, { value }) => sum + value, 0) / firing.length,
      max: top[0]?.value ?? 0,
      topImages: top.slice(0, topImages),
    },
    embedding,
  };
}

describe('FeatureStatistics', () => {
  it('agrees with the definitions for any codes, ties included', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 11 }), fc.nat(), (size, count, seed) => {
        const samples = samplesOf(size, count, seed);
        const statistics = statisticsOf(size, samples);
        expect(statistics.images).toBe(count);
        for (let feature = 0; feature < size.features; feature++) {
          const expected = naive(size, samples, feature);
          expect(statistics.summary(feature)).toEqual(expected.summary);
          const sum = statistics.embeddingSum(feature);
          expected.embedding.forEach((value, at) => {
            expect(Math.abs(sum[at] - value)).toBeLessThan(1e-5);
          });
        }
      }),
    );
  });

  it('does not depend on when it is read', () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), fc.nat(), (size, reads, seed) => {
        const samples = samplesOf(size, reads.length, seed);
        const straight = statisticsOf(size, samples);
        const watched = new FeatureStatistics(size);
        samples.forEach(({ image, z, embedding }, at) => {
          watched.add(image, z, embedding);
          if (reads[at]) watched.embeddingSum(0);
        });
        for (let feature = 0; feature < size.features; feature++) {
          expect(watched.summary(feature)).toEqual(straight.summary(feature));
          const expected = straight.embeddingSum(feature);
          watched.embeddingSum(feature).forEach((value, at) => {
            expect(Math.abs(value - expected[at])).toBeLessThan(1e-5);
          });
        }
      }),
    );
  });

  it('keeps the same top images in whatever order the images come', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 11 }), fc.nat(), (size, count, seed) => {
        const samples = samplesOf(size, count, seed);
        const backwards = statisticsOf(size, samples.toReversed());
        const forwards = statisticsOf(size, samples);
        for (let feature = 0; feature < size.features; feature++) {
          expect(backwards.summary(feature).topImages).toEqual(forwards.summary(feature).topImages);
        }
      }),
    );
  });

  it('calls a feature that never fired by its zeros', () => {
    const statistics = new FeatureStatistics({ features: 2, tokens: 1, embeddingWidth: 1, topImages: 2 });
    statistics.add(4, Float32Array.of(0, -2), Float32Array.of(3));
    expect(statistics.summary(0)).toEqual({
      firingRate: { cls: 0, patches: 0, all: 0 },
      imageRate: 0,
      mean: 0,
      max: 0,
      topImages: [],
    });
    expect(statistics.summary(1)).toMatchObject({ max: -2, topImages: [{ image: 4, token: 0, value: -2 }] });
    expect([...statistics.embeddingSum(0), ...statistics.embeddingSum(1)]).toEqual([0, 2]);
  });

  it('refuses codes of another size', () => {
    const statistics = new FeatureStatistics({ features: 2, tokens: 3, embeddingWidth: 1, topImages: 2 });
    expect(() => statistics.add(0, new Float32Array(5), new Float32Array(1))).toThrow('expected 3 x 2 codes');
    expect(() => statistics.add(0, new Float32Array(6), new Float32Array(2))).toThrow(RangeError);
  });
});
