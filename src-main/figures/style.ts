import type { TokenGroup } from '../core/tokens.ts';

/** Sizes in points; nothing that is printed is smaller than `small`. */
export const fontSize = { normal: 7, small: 6.5 } as const;

/** The figure font first, then what a machine without it has. */
export const fontFamily = "'Source Sans 3', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif";

export const ink = { text: '#1a1a1a', axis: '#4d4d4d', grid: '#e3e3e3', frozen: '#595959' } as const;

export type MarkerShape = 'circle' | 'square' | 'triangle-up' | 'diamond' | 'triangle-down' | 'cross';

/** How a series is told apart: by colour, and without colour by its marker and dash. */
export interface SeriesStyle {
  colour: string;
  shape: MarkerShape;
  dash: readonly number[];
  hollow?: boolean;
}

// Okabe and Ito's palette, without the yellow that white paper swallows.
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];
const shapes: readonly MarkerShape[] = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross'];
const dashes = [[], [4, 2], [1.5, 1.5], [6, 1.5, 1.5, 1.5], [8, 2]];

/** The style of the series at this place; it repeats only after 210 series. */
export function seriesStyle(at: number): SeriesStyle {
  return {
    colour: colours[at % colours.length],
    shape: shapes[at % shapes.length],
    dash: dashes[at % dashes.length],
  };
}

export const groupTitles: Readonly<Record<TokenGroup, string>> = {
  cls: 'CLS token',
  patches: 'patch tokens',
  all: 'all tokens',
};

export const groupStyles: Readonly<Record<TokenGroup, SeriesStyle>> = {
  cls: seriesStyle(0),
  patches: seriesStyle(1),
  all: seriesStyle(2),
};

export const frozenStyle: SeriesStyle = { colour: ink.frozen, shape: 'circle', dash: [1, 2], hollow: true };

/** ColorBrewer's RdBu at -1, -0.5, 0, 0.5, 1: told apart in the common colour-vision deficiencies. */
const divergingStops = [
  [0x21, 0x66, 0xac],
  [0x92, 0xc5, 0xde],
  [0xff, 0xff, 0xff],
  [0xf4, 0xa5, 0x82],
  [0xb2, 0x18, 0x2b],
];

/** Colour of a value on the scale fixed to [-1, 1], white at 0; values beyond take the end's colour. */
export function divergingColour(value: number): string {
  const place = (Math.min(Math.max(value, -1), 1) + 1) * 2;
  const below = Math.min(Math.floor(place), divergingStops.length - 2);
  const channels = divergingStops[below].map((from, at) =>
    Math.round(from + (divergingStops[below + 1][at] - from) * (place - below)),
  );
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Black or white, whichever reads better on the colour of this value. */
export function inkOn(value: number): string {
  return Math.abs(value) > 0.7 ? '#ffffff' : ink.text;
}
