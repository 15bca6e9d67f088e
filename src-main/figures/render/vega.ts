import { parse, textMetrics, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { fontFamily, fontSize, ink } from '../style.ts';
import { textWidth } from './font.ts';

// Vega exports it without declaring it.
declare module 'vega' {
  export const textMetrics: {
    width(item: { fontSize?: number; fontWeight?: string | number }, text: unknown): number;
  };
}

// Without a canvas Vega guesses how wide text is; the font's own advances make the layout exact.
textMetrics.width = (item, text) =>
  textWidth(String(text ?? ''), item.fontSize ?? fontSize.normal, Number(item.fontWeight) >= 600 ? 'bold' : 'normal');

const config: TopLevelSpec['config'] = {
  font: fontFamily,
  aria: false,
  background: 'transparent',
  view: { stroke: null },
  axis: {
    labelFontSize: fontSize.small,
    titleFontSize: fontSize.normal,
    titleFontWeight: 'normal',
    labelColor: ink.text,
    titleColor: ink.text,
    domainColor: ink.axis,
    tickColor: ink.axis,
    gridColor: ink.grid,
    domainWidth: 0.6,
    tickWidth: 0.6,
    gridWidth: 0.5,
    tickSize: 2.5,
    labelPadding: 1.5,
    titlePadding: 3,
    labelOverlap: false,
    labelBound: false,
    labelFlush: false,
    // Ticks stand where their values are, not at the nearest pixel.
    tickRound: false,
    translate: 0,
  },
};

/** A Vega-Lite plot of this inner size in points, as markup whose origin is the plot's upper left corner. */
export async function vegaPlot(spec: TopLevelSpec, width: number, height: number): Promise<string> {
  const { spec: vega } = compile({
    ...spec,
    width,
    height,
    padding: 0,
    autosize: { type: 'none' },
    config,
  } as TopLevelSpec);
  const view = new View(parse(vega), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return plain(svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')));
  } finally {
    view.finalize();
  }
}

/** Without what a static picture on a page of its own font does not need: roles, classes, empty frames, long decimals. */
function plain(svg: string): string {
  return svg
    .replace(/ (role|aria-[a-z]+|class|pointer-events|font-family)="[^"]*"/g, '')
    .replace(/ opacity="1"/g, '')
    .replace(/<path d="(M0,0h0v0h0Z)?"( display="none")?\/>/g, '')
    .replace(/(\.\d{3})\d+/g, '$1');
}
