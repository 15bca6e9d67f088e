/** A share as percent with one decimal, without the sign. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** A difference of shares in percentage points, with its sign. */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(1);
  return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? '0.0' : text.replace('-', '−');
}

/** A value in three decimals, minus sign as printed. */
export function decimal(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '−');
}

/** As the published heatmaps print a score: `.333`, `−.012`. */
export function bare(value: number, digits = 3): string {
  return decimal(value, digits).replace(/^(−?)0\./, '$1.');
}

/** A small positive number in three significant digits. */
export function significant(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2).replace('-', '−') : value.toPrecision(3);
}

/** `mean ± deviation` by the same format; the mean alone where one value stands behind it. */
export function withDeviation(mean: number, deviation: number, n: number, format: (value: number) => string): string {
  return n > 1 ? `${format(mean)} ± ${format(deviation).replace('+', '')}` : format(mean);
}
