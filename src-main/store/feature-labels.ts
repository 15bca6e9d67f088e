import type { Project } from './project-folder.ts';

/** Labels of a layer's features by feature, for those that have one; empty for a run without a feature index. */
export async function featureLabels(
  project: Project,
  runId: string,
  layer: number,
  features: readonly number[],
): Promise<Map<number, string>> {
  const rows = await project.db
    .selectFrom('features')
    .select(['feature', 'label'])
    .where('runId', '=', runId)
    .where('layer', '=', layer)
    .where('feature', 'in', features)
    .execute();
  return new Map(rows.flatMap(({ feature, label }) => (label === null ? [] : [[feature, label]])));
}
