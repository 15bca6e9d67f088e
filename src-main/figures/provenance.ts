import { canonicalJson } from '../core/canonical-json.ts';

/** One run behind a figure. */
export interface RunProvenance {
  id: string;
  /** SHA-256 of the recipe with the model's and the data set's hashes, in hex. */
  configHash: string;
  seed: number;
  model: { name: string; sha256: string };
  dataset: { name: string; sha256: string };
}

/** What every figure file says of where it comes from: no dates, so that the same results give the same bytes. */
export interface Provenance {
  strataVersion: string;
  runs: readonly RunProvenance[];
}

/** What a file of a figure carries in its metadata. */
export interface FigureMetadata {
  title: string;
  caption: string;
  provenance: Provenance;
}

/** The provenance as one line of JSON in ASCII, which every format's metadata can hold. */
export function provenanceText(provenance: Provenance): string {
  return canonicalJson(provenance).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function creator({ strataVersion }: Provenance): string {
  return `Strata ${strataVersion}`;
}
