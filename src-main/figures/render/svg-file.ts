import { creator, type FigureMetadata, provenanceText } from '../provenance.ts';
import { element, escapeText } from './svg.ts';

/** The document with its title, description and provenance, as a file. */
export function svgFile(svg: string, { title, caption, provenance }: FigureMetadata): string {
  const fields = [
    element('strata:creator', {}, escapeText(creator(provenance))),
    element('strata:provenance', {}, escapeText(provenanceText(provenance))),
  ];
  const head = [
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(caption)),
    element('metadata', { 'xmlns:strata': 'urn:strata:provenance' }, ...fields),
  ];
  const inside = svg.indexOf('>') + 1;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.slice(0, inside)}${head.join('')}${svg.slice(inside)}\n`;
}
