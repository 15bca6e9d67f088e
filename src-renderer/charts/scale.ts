export interface Scale {
  /** Place of a value between the ends, 0..1. */
  place(value: number): number;
  ticks: readonly number[];
}

interface Options {
  /** Values beyond which no axis needs to go. */
  limits?: readonly [low: number, high: number];
  /** Ticks to aim at. */
  count?: number;
}

/** An axis with round ends that holds all values; steps of 1, 2 or 5 times a power of ten. */
export function linearScale(values: readonly number[], { limits, count = 4 }: Options = {}): Scale {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (finite.length === 0) [low, high] = [0, 1];
  // Values that differ by no more than rounding are one value: steps between them would have no distinct ticks.
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
    const room = (Math.abs(high) || 1) / 10;
    [low, high] = [low - room, high + room];
  }
  const step = roundStep((high - low) / count);
  // A hair of tolerance, so that 0.3 is three steps of 0.1.
  let first = Math.floor(low / step + 1e-9);
  let last = Math.ceil(high / step - 1e-9);
  if (limits) {
    first = Math.max(first, Math.min(Math.ceil(limits[0] / step - 1e-9), Math.floor(low / step + 1e-9)));
    last = Math.min(last, Math.max(Math.floor(limits[1] / step + 1e-9), Math.ceil(high / step - 1e-9)));
  }
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  const [from, to] = [ticks[0], ticks[ticks.length - 1]];
  return { place: (value) => (value - from) / (to - from), ticks };
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const mantissa = step / power;
  return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

/** A logarithmic axis over the positive values, from one 1, 2 or 5 times a power of ten to another. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = positive.length > 0 ? Math.min(...positive) : 1;
  const high = positive.length > 0 ? Math.max(...positive) : 1;
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    for (const mantissa of [1, 2, 5]) steps.push(Number(`${mantissa}e${power}`));
  }
  const first = steps.findLastIndex((step) => step <= low * (1 + 1e-9));
  const last = Math.max(
    steps.findIndex((step) => step >= high * (1 - 1e-9)),
    first + 1,
  );
  const all = steps.slice(first, last + 1);
  const [from, to] = [Math.log10(all[0]), Math.log10(all[all.length - 1])];
  // Over more than two decades, powers of ten are enough.
  const decades = all.filter((value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9);
  return {
    place: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : 0),
    ticks: all.length > 7 ? decades : all,
  };
}
