import { type CltShape, cltParameters } from './clt-shape.ts';
import type { Statistics } from './standardise.ts';

/**
 * Turns weights trained in standardised space into weights on raw activations (method, section 2), in the layout and
 * under the names of the exchange format: with a threshold, `threshold_i` = exp(log_theta_i) takes the place of
 * `log_theta_i`. Preactivations and codes stay what they were.
 */
export function foldStandardisation(
  shape: CltShape,
  parameters: ReadonlyMap<string, Float32Array>,
  statistics: Statistics,
): Map<string, Float32Array> {
  const { layers, width, features } = shape;
  const { meanX, meanY, rmsX, rmsY } = statistics;
  const parameter = (name: string) => {
    const values = parameters.get(name);
    if (!values) throw new Error(`folding needs ${name}`);
    return values;
  };
  const folded = new Map<string, Float32Array>();
  const thresholds = cltParameters(shape).some((spec) => spec.name === 'log_theta_0');
  for (let layer = 0; layer < layers; layer++) {
    const scale = 1 / rmsX[layer];
    const encoder = parameter(`W_enc_${layer}`).map((value) => value * scale);
    const encoderBias = parameter(`b_enc_${layer}`).map((bias, feature) => {
      let shift = 0;
      for (let at = 0; at < width; at++) shift += encoder[feature * width + at] * meanX[layer * width + at];
      return bias - shift;
    });
    const decoderBias = parameter(`b_dec_${layer}`).map((bias, at) => bias * rmsY[layer] + meanY[layer * width + at]);
    const decoder = new Float32Array(parameter(`W_dec_${layer}`));
    const targets = layers - layer;
    for (let row = 0; row < features * targets; row++) {
      const targetScale = rmsY[layer + (row % targets)];
      for (let at = row * width; at < (row + 1) * width; at++) decoder[at] *= targetScale;
    }
    folded.set(`W_enc_${layer}`, encoder);
    folded.set(`b_enc_${layer}`, encoderBias);
    folded.set(`b_dec_${layer}`, decoderBias);
    if (thresholds) folded.set(`threshold_${layer}`, parameter(`log_theta_${layer}`).map(Math.exp));
    folded.set(`W_dec_${layer}`, decoder);
  }
  return folded;
}
