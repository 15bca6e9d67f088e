import { textWidth } from '../render/font.ts';
import { fontSize } from '../style.ts';

export interface Tick {
  value: number;
  label: string;
}

export interface Scale {
  type: 'linear' | 'log';
  domain: readonly [number, number];
  ticks: readonly Tick[];
}

/** A linear scale over the values with a margin, its ticks at round numbers; `limits` keeps the margin inside. */
export function linearScale(
  values: readonly number[],
  { count = 5, limits = [-Infinity, Infinity] }: { count?: number; limits?: readonly [number, number] } = {},
): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Differences that no reader could see are none: ticks would lack the digits to tell them apart.
  const size = Math.max(Math.abs(low), Math.abs(high), 1);
  const margin = high - low > 1e-6 * size ? (high - low) * 0.06 : size * 0.05;
  const domain = [
    Math.max(low - margin, Math.min(limits[0], low)),
    Math.min(high + margin, Math.max(limits[1], high)),
  ] as const;
  const rough = (domain[1] - domain[0]) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(domain[0] / step - 1e-9);
  const last = Math.floor(domain[1] / step + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => {
    const value = Number(((first + at) * step).toFixed(digits));
    return { value, label: value.toFixed(digits).replace('-', '−') };
  });
  return { type: 'linear', domain, ticks };
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A log scale over positive values, ticks at powers of ten, or at 1, 2 and 5 where there are fewer than two. */
export function logScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Wide enough for one tick at least: 2 and 5, the farthest neighbours, are a factor of 2.5 apart.
  const margin = Math.max(1.3, Math.sqrt((2.6 * low) / high));
  const domain = [low / margin, high * margin] as const;
  const from = Math.floor(Math.log10(domain[0]));
  const to = Math.ceil(Math.log10(domain[1]));
  const powers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const inside = ({ value }: Tick) => value >= domain[0] && value <= domain[1];
  const at = (factor: number, power: number) => {
    const exponent = String(Math.abs(power)).replace(/\d/g, (digit) => superscripts[Number(digit)]);
    const ten = `10${power < 0 ? '⁻' : ''}${exponent}`;
    return { value: Number(`${factor}e${power}`), label: factor === 1 ? ten : `${factor}·${ten}` };
  };
  const decades = powers.map((power) => at(1, power)).filter(inside);
  const finer = powers.flatMap((power) => [1, 2, 5].map((factor) => at(factor, power))).filter(inside);
  return { type: 'log', domain, ticks: decades.length >= 2 ? decades : finer };
}

/** Whole numbers 0..count-1 along `length` points, labelled so that labels do not touch. */
export function layerScale(count: number, length: number, label: (layer: number) => string = String): Scale {
  const room = Math.max(...Array.from({ length: count }, (_, layer) => textWidth(label(layer), fontSize.small))) + 4;
  const step = [1, 2, 3, 4, 6, 8, 12].find((candidate) => (length / count) * candidate >= room) ?? count;
  const ticks = Array.from({ length: Math.ceil(count / step) }, (_, at) => ({
    value: at * step,
    label: label(at * step),
  }));
  return { type: 'linear', domain: [-0.4, Math.max(count - 1, 0) + 0.4], ticks };
}
