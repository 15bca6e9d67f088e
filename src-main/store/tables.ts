import type { Generated } from 'kysely';

/** The tables of project.sqlite, as migrations/ leaves them. Times are ISO 8601 in UTC, `json` columns hold JSON text. */
export interface Tables {
  models: ModelTable;
  datasets: DatasetTable;
  images: ImageTable;
  skippedImages: SkippedImageTable;
  runs: RunTable;
  runNotes: RunNotesTable;
  jobs: JobTable;
  events: EventTable;
  results: ResultTable;
  features: FeatureTable;
  featureDetails: FeatureDetailsTable;
  featureText: FeatureTextTable;
  figureBasket: FigureBasketTable;
}

export interface ModelTable {
  name: string;
  sha256: string;
  /** An absolute path, or `embedded:` and a path inside the application. */
  source: string;
  /** json: layers, width, tokens and other facts worth listing. */
  info: string;
  createdAt: string;
}

export interface DatasetTable {
  name: string;
  /** Of the paths and contents of all images; empty until the import is complete. */
  sha256: string;
  source: string;
  format: string;
  /** json: the classes with their prompts, and the prompt templates. */
  labels: string;
  createdAt: string;
  /** Null while the import is under way; such a data set is not shown. */
  completedAt: string | null;
}

export interface ImageTable {
  dataset: string;
  index: number;
  path: string;
  split: string;
  classIndex: number;
  /** Where the file begins in its archive; null in a folder. */
  offset: number | null;
  size: number;
  width: number;
  height: number;
  sha256: string;
}

interface SkippedImageTable {
  dataset: string;
  path: string;
  reason: string;
}

export interface RunTable {
  id: string;
  name: string;
  /** json */
  recipe: string;
  recipeHash: string;
  model: string;
  dataset: string;
  createdAt: string;
}

interface RunNotesTable {
  runId: string;
  /** json: string[] */
  tags: string;
  note: string;
}

export interface JobTable {
  id: string;
  runId: string;
  kind: string;
  state: string;
  /** The process that works on it; the one that queued it until then. */
  pid: number;
  /** The process that queued it. */
  starterPid: number;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

interface EventTable {
  jobId: string;
  seq: number;
  time: string;
  type: string;
  /** json: the whole event. */
  payload: string;
}

interface ResultTable {
  runId: string;
  stage: string;
  key: string;
  /** json */
  section: string;
  seconds: number;
  createdAt: string;
}

export interface FeatureTable {
  id: Generated<number>;
  runId: string;
  layer: number;
  feature: number;
  /** Shares of all tokens, of CLS tokens, of patch tokens and of images on which the feature fires. */
  rate: number;
  rateCls: number;
  ratePatches: number;
  imageRate: number;
  /** Over the tokens on which it fires, with its sign. */
  mean: number;
  /** The activation of largest magnitude, with its sign. */
  max: number;
  /** Null for a feature that never fired. */
  label: string | null;
  cosine: number | null;
  margin: number | null;
}

interface FeatureDetailsTable {
  featureId: number;
  /** json: [image index, token, activation][] by falling magnitude. */
  topImages: string;
  /** json: number[] for the targets layer..L-1. */
  decoderNorms: string;
  /** json: [feature, cosine][] of the same layer by falling cosine. */
  nearest: string;
}

/** Full-text index over features; `rowid` is the feature's id. */
interface FeatureTextTable {
  rowid: number;
  label: string;
  /** Names of the classes of its top images. */
  classes: string;
}

interface FigureBasketTable {
  id: string;
  position: number;
  figure: string;
  /** json: ids of runs. */
  runs: string;
  width: string;
  /** json: formats to export. */
  formats: string;
  /** Null: the figure's own. */
  caption: string | null;
}
