import type { Results } from '../contract/results.ts';

/** Widths of a printed column in points of 1/72 inch: 3.25 in and 6.75 in. */
export const figureWidths = { single: 234, double: 486 } as const;
export type FigureWidth = keyof typeof figureWidths;

/** An image as a data URI (PNG or JPEG) and what is said of it. */
export interface SheetImage {
  image: string;
  caption: string;
}

/** One query with its nearest training images, by source layer and token group (method, section 7). */
export interface RetrievalSheet {
  query: SheetImage;
  rows: readonly {
    layer: number;
    group: 'cls' | 'patches';
    hits: readonly (SheetImage & { similarity: number; sameClass: boolean })[];
  }[];
}

/** What figures are drawn from: one run, or several as series. */
export interface FigureInput {
  runs: readonly Results[];
  /** One query of `runs[0]`; images do not live in the results document. */
  retrievalSheet?: RetrievalSheet;
}

export type Cell = string | number;

/** A table as people read it; numbers are formatted already. */
export interface FigureTable {
  columns: readonly { title: string; align: 'left' | 'right' }[];
  sections: readonly { title: string; rows: readonly (readonly string[])[] }[];
}

export interface Drawing {
  /** A whole SVG document without metadata; one user unit is one point. */
  svg: string;
  /** The numbers behind the drawing, unrounded, one record a line of the CSV. */
  rows: readonly Readonly<Record<string, Cell>>[];
  /** Where the drawing is a table: the same, for other renderers. */
  table?: FigureTable;
}

/** One figure of the paper or of its audit. A new one is a file that is listed in index.ts. */
export interface Figure {
  /** The name of its files. */
  id: string;
  title: string;
  /** Columns of the CSV, in order, each with its unit or meaning. */
  columns: Readonly<Record<string, string>>;
  caption(input: FigureInput): string;
  /** Undefined when the results lack what it shows, or when it shows one run and is given several. */
  draw(input: FigureInput, width: FigureWidth): Promise<Drawing | undefined>;
}
