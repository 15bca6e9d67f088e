import { fontFamily, fontSize, ink, type MarkerShape, type SeriesStyle } from '../style.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in markup; control characters that XML forbids become spaces. */
export function escapeText(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, ' ').replace(/[&<>"]/g, (c) => entities[c]);
}

/** An element with attributes that are escaped and children that are markup; undefined attributes are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeText(String(value))}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Text at a place; `y` is its baseline. */
export function textAt(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, fill: ink.text, 'font-size': fontSize.normal, ...attributes }, escapeText(text));
}

/** Moves markup whose origin is (0, 0). */
export function moved(x: number, y: number, ...children: readonly string[]): string {
  return element('g', { transform: `translate(${rounded(x)},${rounded(y)})` }, ...children);
}

/** A whole document on white, `width` and `height` in points. */
export function svgDocument(width: number, height: number, ...children: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      'xmlns:xlink': 'http://www.w3.org/1999/xlink',
      width: `${rounded(width / 72)}in`,
      height: `${rounded(height / 72)}in`,
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      'font-family': fontFamily,
    },
    element('rect', { width, height, fill: '#ffffff' }),
    ...children,
  );
}

/** A marker of the area that Vega gives to symbols of `size` square points. */
export function marker({ shape, colour, hollow }: SeriesStyle, x: number, y: number, size: number): string {
  const half = Math.sqrt(size) / 2;
  const paint = { fill: hollow ? 'none' : colour, stroke: colour, 'stroke-width': 0.8 };
  if (shape === 'circle') return element('circle', { cx: x, cy: y, r: half, ...paint });
  const points = outlines[shape].map(([dx, dy]) => `${rounded(x + dx * half)},${rounded(y + dy * half)}`).join(' ');
  return element('polygon', { points, ...paint });
}

const third = 1 / 3;
const outlines: Readonly<Record<Exclude<MarkerShape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ],
  'triangle-up': [
    [0, -1],
    [1, 1],
    [-1, 1],
  ],
  'triangle-down': [
    [0, 1],
    [1, -1],
    [-1, -1],
  ],
  diamond: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  cross: [
    [-third, -1],
    [third, -1],
    [third, -third],
    [1, -third],
    [1, third],
    [third, third],
    [third, 1],
    [-third, 1],
    [-third, third],
    [-1, third],
    [-1, -third],
    [-third, -third],
  ],
};

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
