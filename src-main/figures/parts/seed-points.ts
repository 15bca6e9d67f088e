import type { Results } from '../../contract/results.ts';
import type { RunGroup } from '../run-groups.ts';
import { deviation, mean } from '../statistics.ts';
import type { Point } from './line-panel.ts';

/** Mean over the group's seeds at every x that a run has, with the standard deviation as spread. */
export function seedPoints({ runs }: RunGroup, pointsOf: (run: Results) => readonly Point[]): Point[] {
  const byX = Map.groupBy(runs.flatMap(pointsOf), ({ x }) => x);
  return [...byX]
    .map(([x, points]) => {
      const values = points.map(({ y }) => y);
      return { x, y: mean(values), spread: deviation(values) };
    })
    .sort((a, b) => a.x - b.x);
}

/** Both edges of the points' bands. */
export function extent(points: readonly Point[]): number[] {
  return points.flatMap(({ y, spread = 0 }) => [y - spread, y + spread]);
}

/** The sentence of a caption that says what lines and bands are; empty where there is one run a series. */
export function spreadNote(groups: readonly RunGroup[]): string {
  const seeds = Math.max(...groups.map(({ runs }) => runs.length));
  return seeds > 1 ? ` Lines are means over up to ${seeds} seeds, bands one standard deviation.` : '';
}
