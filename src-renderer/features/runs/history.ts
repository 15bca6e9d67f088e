import type { TrainingEvent } from '../../../src-main/contract/events.ts';
import { layerColor, runLine } from '../../charts/live/color.ts';
import type { Series } from '../../charts/live/series.ts';

/**
 * The measurements of a run whose jobs went on one after the other: a job that began again at an earlier checkpoint
 * replaces what came after it.
 */
export function joined(jobs: readonly (readonly TrainingEvent[])[]): TrainingEvent[] {
  const events: TrainingEvent[] = [];
  for (const event of jobs.flat()) {
    while ((events.at(-1)?.step ?? -1) >= event.step) events.pop();
    events.push(event);
  }
  return events;
}

export const metrics = ['loss', 'r2', 'l0', 'dead', 'learningRate', 'tokensPerSecond'] as const;
export type Metric = (typeof metrics)[number];

export interface RunHistory {
  id: string;
  label: string;
  events: readonly TrainingEvent[];
}

/** `mean` over the layers, `each` of them, or one by its number. */
export type LayerChoice = 'mean' | 'each' | number;

/** The lines of one chart: one a run, and a run alone one a layer in colours of its own. */
export function linesOf(metric: Metric, runs: readonly RunHistory[], choice: LayerChoice): Series[] {
  return runs.flatMap(({ id, label, events }, run) => {
    const x = events.map(({ step }) => step);
    if (metric === 'loss' || metric === 'learningRate' || metric === 'tokensPerSecond') {
      return [{ id, label, ...runLine(run), x, y: events.map((event) => event[metric]) }];
    }
    const layers = events[0]?.layers.length ?? 0;
    const ofLayer = (layer: number) => events.map((event) => event.layers[layer]?.[metric] ?? Number.NaN);
    if (choice === 'each') {
      return Array.from({ length: layers }, (_, layer) => ({
        id: `${id}/${layer}`,
        label: runs.length > 1 ? `${label}, layer ${layer}` : `layer ${layer}`,
        ...(runs.length > 1 ? runLine(run) : { color: layerColor(layer, layers) }),
        x,
        y: ofLayer(layer),
      }));
    }
    const y =
      choice === 'mean'
        ? events.map((event) => event.layers.reduce((sum, row) => sum + row[metric], 0) / event.layers.length)
        : ofLayer(choice);
    return [{ id, label, ...runLine(run), x, y }];
  });
}
