import type { Results } from '../contract/results.ts';
import { canonicalJson } from '../core/canonical-json.ts';

/** Runs that differ in nothing but their seed (and what they are called). */
export interface RunGroup {
  /** What sets it apart from the other groups, beginning with its sparsifier. */
  label: string;
  /** By seed. */
  runs: readonly Results[];
}

/** Groups runs over seeds, in the order in which the groups first come. */
export function runGroups(runs: readonly Results[]): RunGroup[] {
  const groups = Map.groupBy(runs, (run) => canonicalJson(settings(run)));
  const members = [...groups.values()].map((group) => group.toSorted((a, b) => a.run.seed - b.run.seed));
  const all = members.map(([first]) => settings(first));
  return members.map((group) => ({ label: label(settings(group[0]), all), runs: group }));
}

/** `label`, or with several runs `label (3 seeds)`. */
export function labelWithSeeds({ label, runs }: RunGroup): string {
  return runs.length > 1 ? `${label} (${runs.length} seeds)` : label;
}

/** The run's sparsifier with its parameters. */
export function sparsifierLabel({ run }: Results): string {
  const { kind, ...parameters } = run.config.train.sparsifier;
  return [String(kind), ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`)].join(', ');
}

/** What a run depends on beside its seed, as flat keys. */
function settings({ run }: Results): Record<string, string> {
  const { name: _, seed: __, ...config } = run.config;
  const { sha256: model } = run.model;
  const { sha256: dataset } = run.dataset;
  return { ...flat(config, ''), 'model sha256': model, 'dataset sha256': dataset };
}

function flat(value: unknown, path: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [path]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key)));
}

const sparsifier = 'train.sparsifier.';

function label(own: Record<string, string>, all: readonly Record<string, string>[]): string {
  const kind = own[`${sparsifier}kind`];
  const sameKind = all.filter((other) => other[`${sparsifier}kind`] === kind);
  const differs = (key: string) => {
    const others = key.startsWith(sparsifier) ? sameKind : all;
    return others.some((other) => other[key] !== own[key]);
  };
  const told = Object.keys(own).filter((key) => key !== `${sparsifier}kind` && differs(key));
  const words = told.map((key) => {
    const value = key.endsWith('sha256') ? own[key].slice(0, 8) : own[key];
    return key === 'model' || key === 'dataset' ? value : `${key.slice(key.lastIndexOf('.') + 1)} ${value}`;
  });
  return [kind, ...words].join(', ');
}
