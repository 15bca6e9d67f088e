import type { RetrievalSheet } from '../figures/figure.ts';

/** A red PNG of one pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** A retrieval sheet for a model of so many layers, every second hit of the query's class. */
export function sampleSheet(layers: number): RetrievalSheet {
  return {
    query: { image: pixel, caption: 'grinning cat' },
    rows: Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) =>
      (['cls', 'patches'] as const).map((group) => ({
        layer,
        group,
        hits: [0, 1, 2].map((rank) => ({
          image: pixel,
          caption: `cat & <dog> ${rank}`,
          similarity: 0.9 - 0.1 * rank,
          sameClass: (layer + rank) % 2 === 0,
        })),
      })),
    ),
  };
}
