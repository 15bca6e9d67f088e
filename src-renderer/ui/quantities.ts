/** 12,345 */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** One thing or several: "1 image", "12,345 images". */
export function counted(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}

/** 0.6440 as "64.4 %" */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Decimal units, three digits: "912 MB". */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  // 999.6 kB would read 1000 kB.
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? scaled.toFixed(0) : scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** "4.51 M" for a number of parameters. */
export function short(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return unit === 0 ? count(scaled) : `${scaled.toPrecision(3)}${units[unit]}`;
}

/** "45 s", "5 min 38 s", "2 h 5 min" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 1) return seconds > 0 ? 'under 1 s' : '0 s';
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${(hours / 24).toFixed(1)} days`;
}
