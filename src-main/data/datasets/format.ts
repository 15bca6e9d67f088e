import type { ClassLabel } from '../labels.ts';

export type FormatId = 'imagefolder' | 'tar';

/** Where an image's bytes lie; all that is needed to read it again. */
export interface ImageLocation {
  /** Relative to the data set, with '/' between the parts. */
  path: string;
  /** First byte in the archive, for formats that keep all images in one file. */
  offset?: number;
  /** Bytes. */
  size: number;
}

export interface ImageEntry extends ImageLocation {
  /** 'train', 'test' or another folder's name, such as 'test-unseen'. */
  split: string;
  classIndex: number;
}

export interface SkippedImage {
  path: string;
  reason: string;
}

/** Reads images by their location, without listing the data set first. */
export interface ImageReader {
  /** The image's file as it is. IMAGE_INVALID when it is not there in full. */
  read(location: ImageLocation): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface OpenDataset extends ImageReader {
  format: FormatId;
  classes: ClassLabel[];
  promptTemplates: string[];
  /** Images that entries() will give. */
  count: number;
  /** Files left out: hidden, of another kind, or outside the folder of a class. */
  ignored: number;
  /** Images that the data set names but does not hold, as in a truncated archive. */
  unreadable: readonly SkippedImage[];
  /** All images, sorted by path. */
  entries(): AsyncIterable<ImageEntry>;
}

export interface SplitOptions {
  /** Decides the split where the data set has no folders for it. */
  seed: number;
  /** Share of test images in that split; 0.1 unless given. */
  testShare?: number;
}

/** A kind of data set. To add one, write a file like image-folder.ts and list it in index.ts. */
export interface DatasetFormat {
  id: FormatId;
  /** What a person would call it, in messages. */
  title: string;
  /** What lies at the data set's path. */
  place: 'folder' | 'file';
  /** Whether a data set of such a name is taken for this format where none is given. */
  accepts(path: string): boolean;
  open(path: string, options: SplitOptions): Promise<OpenDataset>;
  openReader(path: string): Promise<ImageReader>;
}
