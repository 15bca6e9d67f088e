/** The tables of project.sqlite, as migrations/ leaves them. Times are ISO 8601 in UTC, `json` columns hold JSON text. */
export interface Tables {
  models: ModelTable;
  datasets: DatasetTable;
  images: ImageTable;
  skippedImages: SkippedImageTable;
  runs: RunTable;
  jobs: JobTable;
  events: EventTable;
  results: ResultTable;
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
