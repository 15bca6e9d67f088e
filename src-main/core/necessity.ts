import { Rng } from './rng.ts';

/** Which sources may write to the last block in one necessity or sufficiency measurement (method, section 5). */
export interface SourceChoice {
  name: 'drop-top-1' | 'keep-top-4' | 'drop-random' | 'keep-worst-4';
  seed?: number;
  /** The sources dropped, or those kept. */
  sources: number[];
  /** [L], 1 where the source's contribution stays. */
  gates: number[];
}

/** Source layers by falling contribution score; the lower layer first on a tie. */
export function sourceRanking(scores: readonly number[]): number[] {
  return Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
}

/** Drop the best source, keep the best four, and the controls: drop a random source (five seeds), keep the worst four. */
export function sourceChoices(ranking: readonly number[], seeds: readonly number[]): SourceChoice[] {
  const layers = ranking.length;
  const drop = (sources: number[]) => Array.from({ length: layers }, (_, layer) => (sources.includes(layer) ? 0 : 1));
  const keep = (sources: number[]) => drop(sources).map((gate) => 1 - gate);
  const best = ranking.slice(0, 1);
  const bestFour = ranking.slice(0, 4);
  const worstFour = ranking.slice(-4);
  return [
    { name: 'drop-top-1', sources: best, gates: drop(best) },
    { name: 'keep-top-4', sources: bestFour, gates: keep(bestFour) },
    ...seeds.map((seed): SourceChoice => {
      const sources = [new Rng(seed, 'necessity/drop').below(layers)];
      return { name: 'drop-random', seed, sources, gates: drop(sources) };
    }),
    { name: 'keep-worst-4', sources: worstFour, gates: keep(worstFour) },
  ];
}
