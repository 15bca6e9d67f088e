/** Three significant digits, without an exponent where that stays short; `fine`: six. */
export function significant(value: number, fine = false): string {
  const size = Math.abs(value);
  if (fine) return String(Number(value.toPrecision(6)));
  if (size !== 0 && size < 1e-3) return value.toExponential(2).replace(/\.?0+e/, 'e');
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** A stored time, by this place's clock. */
export function when(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
