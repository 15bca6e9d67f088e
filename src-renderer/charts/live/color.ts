/** From deep to shallow layers as from blue over green to red: neighbours are alike. */
export function layerColor(layer: number, layers: number): string {
  const hue = 264 - (234 * layer) / Math.max(1, layers - 1);
  return `oklch(var(--live-lightness) 0.14 ${hue.toFixed(0)})`;
}

const runHues = [255, 45, 155, 330, 90, 205, 15, 295];
const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];

/** Runs differ in hue and, for those who do not see that, in their dashes. */
export function runLine(run: number): { color: string; dash: string | undefined } {
  const hue = runHues[run % runHues.length];
  return { color: `oklch(var(--live-lightness) 0.14 ${hue})`, dash: dashes[run % dashes.length] };
}
