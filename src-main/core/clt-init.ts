import { type CltShape, cltParameters, elementCount } from './clt-shape.ts';
import { Rng } from './rng.ts';

/** Seeded initial values of every parameter (method, section 2), by name. */
export function initialParameters(shape: CltShape, seed: number): Map<string, Float32Array> {
  return new Map(
    cltParameters(shape).map((spec) => {
      const values = new Float32Array(elementCount(spec.shape)).fill(spec.initialValue);
      if (spec.initialRange > 0) {
        const rng = new Rng(seed, `init/${spec.name}`);
        for (let at = 0; at < values.length; at++) values[at] = (2 * rng.uniform() - 1) * spec.initialRange;
      }
      return [spec.name, values] as const;
    }),
  );
}
