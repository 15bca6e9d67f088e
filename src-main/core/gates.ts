import type { CltShape } from './clt-shape.ts';
import type { TokenGroup } from './tokens.ts';

/** Run-time gates of the replacement model (method, section 4). */
export interface Gates {
  /** [L, T]; output = g * yhat + (1 - g) * y. */
  mlpGate: Float32Array;
  /** [source L][target L]; multiplies c_{source->target}. */
  edgeGate: Float32Array;
  /** [L, m]; multiplies z_{i,f}: 0 ablates a feature, more than 1 steers with it. */
  featureScale: Float32Array;
  /** [L, d] added to every reconstruction in place of b_dec. */
  bias?: Float32Array;
}

function isInGroup(token: number, group: TokenGroup): boolean {
  return group === 'all' || (group === 'cls') === (token === 0);
}

/** Cascaded replacement of the blocks from..L-1 for the tokens of a group; from = L gives the frozen model. */
export function cascadeGates(shape: CltShape, tokens: number, from: number, group: TokenGroup): Gates {
  const { layers, features } = shape;
  return {
    mlpGate: Float32Array.from({ length: layers * tokens }, (_, at) =>
      Math.floor(at / tokens) >= from && isInGroup(at % tokens, group) ? 1 : 0,
    ),
    edgeGate: new Float32Array(layers * layers).fill(1),
    featureScale: new Float32Array(layers * features).fill(1),
  };
}
