import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import drawSvg from 'svg-to-pdfkit';
import { creator, type FigureMetadata, provenanceText } from '../provenance.ts';
import { fontFiles } from './font.ts';

/** The document as a PDF of one page in its own size: vectors, the font's used glyphs embedded, metadata in Info. */
export async function pdfFile(svg: string, { title, caption, provenance }: FigureMetadata): Promise<Buffer> {
  const size = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  if (size === null) throw new Error('a figure without a viewBox');
  const [width, height] = [Number(size[1]), Number(size[2])];
  // An inch would be 96 of its units; the page counts in points, as the drawing does.
  const inPoints = svg.replace(/width="[^"]*" height="[^"]*"/, `width="${width}" height="${height}"`);
  const info = {
    Title: title,
    Subject: caption,
    Creator: creator(provenance),
    Producer: 'PDFKit',
    Keywords: provenanceText(provenance),
    // PDFKit needs one, makes the file's id from it, and would take the clock's: the same figure must give the same bytes.
    CreationDate: new Date(0),
  };
  const document = new PDFDocument({ size: [width, height], margin: 0, info, font: fontFiles.normal });
  document.registerFont('normal', fontFiles.normal).registerFont('bold', fontFiles.bold);
  // PDFKit's types give the constructor where an instance is meant.
  drawSvg(document as unknown as typeof PDFDocument, inPoints, 0, 0, {
    width,
    height,
    assumePt: true,
    fontCallback: (_family, bold) => (bold ? 'bold' : 'normal'),
    warningCallback: (warning) => {
      throw new Error(`a figure that has no PDF form: ${warning}`);
    },
  });
  document.end();
  return buffer(document);
}
