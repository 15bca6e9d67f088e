export const plotHeight = 184;

/** Where the lines are, inside the plot with its axes, in CSS pixels. */
export interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function plotArea(width: number): PlotArea {
  const [left, right, top, bottom] = [54, 12, 6, 22];
  return { left, top, width: Math.max(1, width - left - right), height: plotHeight - top - bottom };
}
