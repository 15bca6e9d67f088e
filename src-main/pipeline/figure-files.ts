import { StrataError } from '../contract/errors.ts';
import type { FigureFormat } from '../contract/rpc/figures.ts';
import { type FigureWidth, figureWidths } from '../figures/figure.ts';
import { figures } from '../figures/index.ts';
import { csvFile } from '../figures/render/csv.ts';
import { pdfFile } from '../figures/render/pdf.ts';
import { pngFile } from '../figures/render/png.ts';
import { svgFile } from '../figures/render/svg-file.ts';
import type { Project } from '../store/project-folder.ts';
import { resultsDocument } from '../store/results.ts';
import { provenanceOf } from './provenance.ts';
import { retrievalSheet } from './retrieval-sheet.ts';

/** A figure of certain runs, in one width, with its caption or another. */
export interface FigureOrder {
  figure: string;
  /** Ids of runs. */
  runs: readonly string[];
  width: FigureWidth;
  caption?: string | null;
}

/** A figure that was drawn and can be had in any format. */
export interface DrawnFigure {
  title: string;
  caption: string;
  /** As `strata export` names the file: <id>-<width>.<format>, <id>.csv. */
  fileName(format: FigureFormat): string;
  content(format: FigureFormat): Promise<Buffer>;
  /** The sidecar that names the columns and says where the numbers come from. */
  sidecar(files: readonly string[]): string;
}

/**
 * Draws a figure as the command line does: the same results give the same bytes. NOT_FOUND when there is no such figure
 * or run, or when the runs lack what it shows.
 */
export async function drawFigure(project: Project, order: FigureOrder): Promise<DrawnFigure> {
  const { runs, width } = order;
  const figure = figures.find(({ id }) => id === order.figure);
  if (figure === undefined) throw new StrataError('NOT_FOUND', `there is no figure ${order.figure}`);
  const { id, title, columns } = figure;
  const results = await Promise.all(runs.map((run) => resultsDocument(project, run)));
  // It is made of images, so only the figure that shows it asks for it.
  const sheet = id === 'retrieval-sheet' && runs.length === 1 ? await retrievalSheet(project, runs[0]) : undefined;
  const input = { runs: results, retrievalSheet: sheet };
  const drawing = await figure.draw(input, width);
  if (drawing === undefined) {
    const those = runs.length === 1 ? `run ${runs[0]} has` : `runs ${runs.join(', ')} together have`;
    throw new StrataError(
      'NOT_FOUND',
      `${those} no numbers for the figure ${title}; run the missing stages, or choose others`,
    );
  }
  const { svg, rows } = drawing;
  const caption = order.caption ?? figure.caption(input);
  const metadata = { title, caption, provenance: await provenanceOf(project, results) };
  const write: Record<FigureFormat, () => Promise<string | Buffer> | string | Buffer> = {
    svg: () => svgFile(svg, metadata),
    png: () => pngFile(svg, metadata),
    pdf: () => pdfFile(svg, metadata),
    csv: () => csvFile(rows, Object.keys(columns)),
  };
  return {
    title,
    caption,
    fileName: (format) => (format === 'csv' ? `${id}.csv` : `${id}-${width}.${format}`),
    content: async (format) => Buffer.from(await write[format]()),
    sidecar: (files) =>
      `${JSON.stringify({ id, title, caption, columns, widthInches: { [width]: figureWidths[width] / 72 }, files, provenance: metadata.provenance }, null, 2)}\n`,
  };
}
