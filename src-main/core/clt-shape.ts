import { sparsifierById } from './sparsifiers/index.ts';
import type { SparsifierParameters } from './sparsifiers/sparsifier.ts';

/** What a cross-layer transcoder is, apart from its weights (method, sections 1 and 2). */
export interface CltShape {
  layers: number;
  width: number;
  /** Features per layer, m. */
  features: number;
  sparsifier: { kind: string; parameters: SparsifierParameters };
}

export interface ParameterSpec {
  name: string;
  shape: readonly number[];
  /** Half-width of the uniform distribution at initialisation; 0 for zeros. */
  initialRange: number;
  /** Value at initialisation where `initialRange` is 0. */
  initialValue: number;
}

/**
 * Every trained tensor in a fixed order, named and laid out as in the exchange format (method, section 9):
 * W_enc_i [m, d], b_enc_i [m], b_dec_i [d], log_theta_i [m] with a threshold, W_dec_i [m, L-i, d] whose second axis
 * runs over the targets i..L-1.
 */
export function cltParameters(shape: CltShape): ParameterSpec[] {
  const { layers, width, features } = shape;
  const { kind, parameters } = shape.sparsifier;
  const threshold = sparsifierById(kind).initialThreshold?.(parameters);
  const spec = (name: string, dims: number[], initialRange: number, initialValue = 0): ParameterSpec => ({
    name,
    shape: dims,
    initialRange,
    initialValue,
  });
  return Array.from({ length: layers }, (_, layer) => [
    spec(`W_enc_${layer}`, [features, width], 1 / Math.sqrt(features)),
    spec(`b_enc_${layer}`, [features], 0),
    spec(`b_dec_${layer}`, [width], 0),
    ...(threshold === undefined ? [] : [spec(`log_theta_${layer}`, [features], 0, Math.log(threshold))]),
    spec(`W_dec_${layer}`, [features, layers - layer, width], 1 / Math.sqrt(layers * width)),
  ]).flat();
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Number of trained values. */
export function parameterCount(shape: CltShape): number {
  return cltParameters(shape).reduce((sum, spec) => sum + elementCount(spec.shape), 0);
}
