import { crc32 } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { creator, type FigureMetadata, provenanceText } from '../provenance.ts';
import { fontFiles } from './font.ts';

const dotsPerInch = 300;
const signatureAndHeader = 8 + 25;

/** The document as a PNG of 300 dots per inch, with its density and its metadata as text. */
export function pngFile(svg: string, { title, caption, provenance }: FigureMetadata): Buffer {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: dotsPerInch / 96 },
    font: { loadSystemFonts: false, fontFiles: Object.values(fontFiles), defaultFontFamily: 'Source Sans 3' },
  })
    .render()
    .asPng();
  const chunks = [
    density(dotsPerInch),
    text('Title', title),
    text('Description', caption),
    text('Software', creator(provenance)),
    text('Provenance', provenanceText(provenance)),
  ];
  return Buffer.concat([image.subarray(0, signatureAndHeader), ...chunks, image.subarray(signatureAndHeader)]);
}

/** The pHYs chunk: pixels per metre, both ways. */
function density(perInch: number): Buffer {
  const data = Buffer.alloc(9);
  const perMetre = Math.round(perInch / 0.0254);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data[8] = 1;
  return chunk('pHYs', data);
}

/** An iTXt chunk, uncompressed, in UTF-8 and no language. */
function text(keyword: string, value: string): Buffer {
  return chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${value}`, 'utf8'));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
