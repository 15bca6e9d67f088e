/** One direction of a chart: values between `from` and `to`, by equal differences or, where `log`, equal ratios. */
export interface Axis {
  from: number;
  to: number;
  log: boolean;
}

/** Where a value lies: 0 at `from`, 1 at `to`. */
export function position({ from, to, log }: Axis, value: number): number {
  return log ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from)) : (value - from) / (to - from);
}

/** The value at a position. */
export function valueAt({ from, to, log }: Axis, at: number): number {
  return log ? Math.exp(Math.log(from) + at * (Math.log(to) - Math.log(from))) : from + at * (to - from);
}

/** An axis over these values with a little room at both ends; those that a logarithm cannot show do not count. */
export function axisOver(values: Iterable<number>, log: boolean): Axis {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return { from: log ? 0.1 : 0, to: 1, log };
  if (log) {
    const room = from === to ? 1.5 : (to / from) ** 0.04;
    return { from: from / room, to: to * room, log };
  }
  if (from === 0 && to === 0) return { from: 0, to: 1, log };
  const room = from === to ? Math.abs(from) * 0.05 : (to - from) * 0.05;
  // What is never negative is not shown as if it could be.
  return { from: from >= 0 ? Math.max(0, from - room) : from - room, to: to + room, log };
}

/** Round values along an axis, about `count` of them. */
export function ticks(axis: Axis, count: number): number[] {
  return axis.log ? logTicks(axis, count) : linearTicks(axis, count);
}

function linearTicks({ from, to }: Axis, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Through the exponent, since 3 * 0.1 is not 0.3.
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toFixed(digits)));
}

function logTicks(axis: Axis, count: number): number[] {
  const { from, to } = axis;
  const decades = Math.log10(to / from);
  if (decades < 1) return linearTicks({ ...axis, log: false }, count).filter((tick) => tick > 0);
  const factors = decades * 3 <= count ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    if (power % every !== 0) continue;
    found.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return found.filter((tick) => tick >= from && tick <= to);
}
