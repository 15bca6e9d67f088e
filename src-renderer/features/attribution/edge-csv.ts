import type { Results } from '../../../src-main/contract/results.ts';
import type { EdgeFeaturesAnswer } from '../../../src-main/contract/rpc/analysis.ts';

interface Edge {
  source: number;
  target: number;
  tokens: string;
}

/** The features of an edge, unrounded, each with the run and the images it stands on (RFC 4180). */
export function edgeCsv({ id }: Pick<Results['run'], 'id'>, edge: Edge, answer: EdgeFeaturesAnswer): string {
  const heading = ['run', 'images', 'tokens', 'source', 'target', 'feature', 'share', 'rate', 'label'];
  const rows = answer.features.map(({ feature, share, rate, label }) =>
    [id, answer.images, edge.tokens, edge.source, edge.target, feature, share, rate, label ?? ''].map(field).join(','),
  );
  return `${[heading.join(','), ...rows].join('\n')}\n`;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
