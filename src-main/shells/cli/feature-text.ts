import type { FeaturePage } from '../../store/feature-query.ts';
import type { FeatureDetails } from '../../store/features.ts';
import { grouped, table } from './format.ts';

/** A page of features, one a row. */
export function featuresText({ total, features }: FeaturePage, offset: number): string {
  if (features.length === 0) return total === 0 ? 'No feature is like that.' : `There are only ${grouped(total)}.`;
  const rows = features.map((feature) => [
    `L${feature.layer}`,
    String(feature.feature),
    feature.label ?? '-',
    feature.margin?.toFixed(3) ?? '-',
    share(feature.rate),
    share(feature.rateCls),
    feature.max.toFixed(2),
    feature.mean.toFixed(2),
  ]);
  const heading = ['layer', 'feature', 'label', 'margin', 'tokens', 'CLS', 'max', 'mean'];
  const shown = `${grouped(offset + 1)} to ${grouped(offset + features.length)} of ${grouped(total)}`;
  return `${table([heading, ...rows])}\n\n${shown} features`;
}

/** All about one feature. */
export function featureText(feature: FeatureDetails): string {
  const { layer, rate, rateCls, ratePatches, imageRate, max, mean, label, cosine, margin } = feature;
  const title = `Feature ${feature.feature} of layer L${layer}`;
  const norms = `Decoder norms: ${feature.decoderNorms.map(({ target, norm }) => `L${target} ${norm.toFixed(3)}`).join(', ')}`;
  const nearest = table([
    ['nearest', 'cosine', 'label'],
    ...feature.nearest.map((other) => [String(other.feature), other.cosine.toFixed(3), other.label ?? '-']),
  ]);
  if (rate === 0) return [`${title}: never fires`, norms, nearest].join('\n\n');
  const beyond = margin === null ? '' : `, margin ${margin.toFixed(3)}`;
  const firing = `Fires on ${share(rate)} of the tokens (CLS ${share(rateCls)}, patches ${share(ratePatches)}) and on ${share(imageRate)} of the images;`;
  const images = table([
    ['activation', 'token', 'class', 'image'],
    ...feature.topImages.map(({ value, token, className, path }) => [
      value.toFixed(3),
      token === 0 ? 'CLS' : String(token),
      className,
      path,
    ]),
  ]);
  return [
    `${title}: ${label} (cosine ${cosine?.toFixed(3)}${beyond})`,
    `${firing}\nlargest activation ${max.toFixed(3)}, mean ${mean.toFixed(3)} where it fires`,
    images,
    `Classes of these images: ${feature.histogram.map((entry) => `${entry.className} ${entry.images}`).join(', ')}`,
    norms,
    nearest,
  ].join('\n\n');
}

/** A firing rate with two decimals: a feature of one patch in a thousand is a common one. */
function share(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}
