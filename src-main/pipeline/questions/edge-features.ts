import { StrataError } from '../../contract/errors.ts';
import type { EdgeFeaturesAnswer } from '../../contract/rpc/analysis.ts';
import type { TokenGroup } from '../../core/tokens.ts';
import { featureLabels } from '../../store/feature-labels.ts';
import type { Project } from '../../store/project-folder.ts';
import { runById } from '../../store/runs.ts';
import { type TargetSums, targetSums } from '../edge-sums.ts';

/** Features of an answer, at most; the rest is told as a sum. */
const maxFeatures = 200;

/** Everything about a target is worked out at once; the latest of them are kept, for the next click is often near. */
const kept = new Map<string, Promise<TargetSums>>();
const keptTargets = 16;

/**
 * The features that carry the edge source -> target: for each of the source's features the mean over a group's tokens of
 * z_f <W_dec^{i->j}_f, y^_j> / |y^_j|^2, which sum to C_{i->j} on the same images (method, section 5). At most 200
 * features, largest share by magnitude first, the lower feature first where they tie.
 */
export async function edgeFeatures(
  project: Project,
  input: { run: string; source: number; target: number; tokens: TokenGroup },
  signal: AbortSignal,
): Promise<EdgeFeaturesAnswer> {
  const { run, source, target, tokens } = input;
  const sums = await sumsOf(project, run, target, signal);
  const own = sums.sources[source];
  if (own === undefined) {
    throw new StrataError(
      'NOT_FOUND',
      `layer ${source} writes nothing to layer ${target}: sources come before targets`,
    );
  }
  const groups: readonly ('cls' | 'patches')[] = tokens === 'all' ? ['cls', 'patches'] : [tokens];
  const total = (pick: (group: 'cls' | 'patches') => number) => groups.reduce((sum, group) => sum + pick(group), 0);
  const written = total((group) => sums.written[group]);
  const read = total((group) => sums.tokens[group]);
  const shareOf = (feature: number) => total((group) => own[group].shares[feature]) / (written || 1);
  const shares = Float64Array.from(own.cls.shares.keys(), shareOf);
  const fired = (feature: number) => total((group) => own[group].fired[feature]);
  const active = Array.from(shares.keys()).filter((feature) => fired(feature) > 0);
  const order = active.sort((a, b) => Math.abs(shares[b]) - Math.abs(shares[a]) || a - b);
  const listed = order.slice(0, maxFeatures);
  const labels = await featureLabels(project, run, source, listed);
  return {
    images: sums.images,
    tokens: read,
    score: shares.reduce((sum, share) => sum + share, 0),
    active: active.length,
    features: listed.map((feature) => ({
      feature,
      share: shares[feature],
      rate: fired(feature) / read,
      label: labels.get(feature) ?? null,
    })),
  };
}

async function sumsOf(project: Project, runId: string, target: number, signal: AbortSignal): Promise<TargetSums> {
  const key = JSON.stringify([project.dir, runId, target]);
  const known = kept.get(key);
  if (known) {
    // Moves it behind the others, whose turn to go comes first.
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const { recipe } = await runById(project, runId);
  const sums = targetSums({ project, runId, recipe, signal, emit: () => undefined }, target);
  kept.set(key, sums);
  if (kept.size > keptTargets) kept.delete(kept.keys().next().value ?? '');
  return sums.catch((error: unknown) => {
    kept.delete(key);
    throw error;
  });
}
