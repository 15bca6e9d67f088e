import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Figure, type FigureInput, type FigureWidth, figureWidths } from './figure.ts';
import { figures } from './index.ts';
import type { Provenance } from './provenance.ts';
import { csvFile } from './render/csv.ts';
import { pdfFile } from './render/pdf.ts';
import { pngFile } from './render/png.ts';
import { svgFile } from './render/svg-file.ts';

const widths = Object.keys(figureWidths) as FigureWidth[];

/** One file of a figure, by the name it has in the folder. */
export interface FigureFile {
  name: string;
  content: string | Buffer;
}

/**
 * A figure in all its forms: <id>-<single|double>.{svg,png,pdf}, <id>.csv and the sidecar <id>.json. Empty when the
 * results lack what it shows. The same input gives the same bytes.
 */
export async function figureFiles(figure: Figure, input: FigureInput, provenance: Provenance): Promise<FigureFile[]> {
  const { id, title, columns } = figure;
  const files: FigureFile[] = [];
  const caption = figure.caption(input);
  const metadata = { title, caption, provenance };
  for (const width of widths) {
    const drawing = await figure.draw(input, width);
    if (drawing === undefined) return [];
    const { svg, rows } = drawing;
    files.push(
      { name: `${id}-${width}.svg`, content: svgFile(svg, metadata) },
      { name: `${id}-${width}.png`, content: pngFile(svg, metadata) },
      { name: `${id}-${width}.pdf`, content: await pdfFile(svg, metadata) },
    );
    if (width === widths[0]) files.push({ name: `${id}.csv`, content: csvFile(rows, Object.keys(columns)) });
  }
  const inches = Object.fromEntries(widths.map((width) => [width, figureWidths[width] / 72]));
  const sidecar = {
    id,
    title,
    caption,
    columns,
    widthInches: inches,
    files: files.map(({ name }) => name),
    provenance,
  };
  return [...files, { name: `${id}.json`, content: `${JSON.stringify(sidecar, null, 2)}\n` }];
}

/**
 * Writes every figure that the input has numbers for into `dir`, which is replaced as a whole when all are there: a
 * reader never finds half of them. Returns the files' absolute paths.
 */
export async function writeFigures(
  dir: string,
  input: FigureInput,
  { provenance }: { provenance: Provenance },
): Promise<string[]> {
  const target = resolve(dir);
  const partial = `${target}.${randomUUID()}.partial`;
  await mkdir(partial, { recursive: true });
  const written: string[] = [];
  try {
    for (const figure of figures) {
      for (const { name, content } of await figureFiles(figure, input, provenance)) {
        await writeFile(join(partial, name), content);
        written.push(join(target, name));
      }
    }
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return written;
}
