import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

// Not called `require`: the bundler takes that name for itself.
const packages = createRequire(import.meta.url);

/** Native code reads the fonts too, and knows nothing of a packaged application's archive: they lie beside it. */
const fontFile = (name: string) =>
  packages.resolve(`@expo-google-fonts/source-sans-3/${name}`).replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');

/** The figure font, Source Sans 3 (SIL Open Font License): its files by weight. */
export const fontFiles = {
  normal: fontFile('400Regular/SourceSans3_400Regular.ttf'),
  bold: fontFile('600SemiBold/SourceSans3_600SemiBold.ttf'),
} as const;

export type FontWeight = keyof typeof fontFiles;

/** The bytes of a font file, as base64. */
export function fontBase64(weight: FontWeight): string {
  return readFileSync(fontFiles[weight]).toString('base64');
}

// A document for each weight: PDFKit parses a font anew whenever it changes to it.
const rulers: Partial<Record<FontWeight, PDFKit.PDFDocument>> = {};

/** Width of a line of text in the unit of `size`, by the font's own advances and kerning. */
export function textWidth(text: string, size: number, weight: FontWeight = 'normal'): number {
  rulers[weight] ??= new PDFDocument({ autoFirstPage: false, font: fontFiles[weight] });
  return rulers[weight].fontSize(size).widthOfString(text);
}

/** The text, or as much of it as fits into `width` with an ellipsis. */
export function fitted(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && textWidth(`${letters.join('').trimEnd()}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
