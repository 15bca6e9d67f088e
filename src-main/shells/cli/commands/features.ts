import { StrataError } from '../../../contract/errors.ts';
import { type FeatureOrder, type FeatureQuery, queryFeatures } from '../../../store/feature-query.ts';
import { featureDetails } from '../../../store/features.ts';
import { openProject } from '../../../store/project.ts';
import { runNamed } from '../../../store/runs.ts';
import { featuresText, featureText } from '../feature-text.ts';
import { amount, layerNumber, wholeNumber } from '../numbers.ts';
import { answer, type OutputOptions } from '../output.ts';

interface FeaturesOptions extends OutputOptions {
  project: string;
  layer?: string;
  feature?: string;
  text?: string;
  label?: string;
  minRate?: string;
  maxRate?: string;
  minMax?: string;
  dead?: boolean;
  sort: FeatureOrder;
  limit: string;
  offset: string;
}

/** Lists features of a run, or with a layer and a feature shows all about that one. */
export async function features(runName: string, options: FeaturesOptions): Promise<void> {
  const layer = given('--layer', options.layer, layerNumber);
  const feature = given('--feature', options.feature, wholeNumber);
  if (feature !== undefined && layer === undefined) {
    throw new StrataError('USAGE', '--feature: say with --layer which layer the feature is of');
  }
  const query: FeatureQuery = {
    layer,
    text: options.text,
    label: options.label,
    minRate: given('--min-rate', options.minRate, amount),
    maxRate: given('--max-rate', options.maxRate, amount),
    minMax: given('--min-max', options.minMax, amount),
    dead: options.dead === true,
    sort: options.sort,
    limit: wholeNumber('--limit', options.limit, 1),
    offset: wholeNumber('--offset', options.offset),
  };
  const project = await openProject(options.project);
  try {
    const { id } = await runNamed(project, runName);
    if (layer !== undefined && feature !== undefined) {
      const details = await featureDetails(project, id, layer, feature);
      answer(options, { run: id, ...details }, featureText(details));
    } else {
      const page = await queryFeatures(project, id, query);
      answer(options, { run: id, ...page }, featuresText(page, query.offset ?? 0));
    }
  } finally {
    await project.close();
  }
}

function given(option: string, text: string | undefined, read: (option: string, text: string) => number) {
  return text === undefined ? undefined : read(option, text);
}
