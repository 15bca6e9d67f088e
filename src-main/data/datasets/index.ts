import { stat } from 'node:fs/promises';
import { StrataError } from '../../contract/errors.ts';
import type { DatasetFormat, FormatId, ImageReader, OpenDataset, SplitOptions } from './format.ts';
import { imageFolder } from './image-folder.ts';
import { tar } from './tar.ts';

export type { FormatId, ImageEntry, ImageReader, OpenDataset, SkippedImage } from './format.ts';
export { type ImportedImage, importDataset } from './import.ts';

/** Every format Strata reads, the first that accepts a path winning. */
const formats: readonly DatasetFormat[] = [imageFolder, tar];

export const formatIds: readonly FormatId[] = formats.map(({ id }) => id);

/**
 * Opens a data set and lists it once: its classes, splits and number of images. No image is read yet.
 * Without `format` the path decides. NOT_FOUND when there is nothing at the path, DATASET_INVALID when it is not a data
 * set of the format, when labels.json is wrong or when no image lies in the folder of a class.
 */
export async function openDataset(path: string, options: SplitOptions & { format?: FormatId }): Promise<OpenDataset> {
  return (await findFormat(path, options.format)).open(path, options);
}

/** Opens a data set whose images' locations are known already, to read them. Errors as openDataset. */
export async function openImageReader(path: string, format: FormatId): Promise<ImageReader> {
  return (await findFormat(path, format)).openReader(path);
}

async function findFormat(path: string, id: FormatId | undefined): Promise<DatasetFormat> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new StrataError('NOT_FOUND', `${path}: there is no such data set`, { cause: error });
  });
  const place = stats.isDirectory() ? 'folder' : 'file';
  const format = formats.find((one) => one.place === place && (id === undefined ? one.accepts(path) : one.id === id));
  if (format) return format;
  const wanted = formats.filter((one) => id === undefined || one.id === id).map((one) => `${one.title} (${one.id})`);
  throw new StrataError('DATASET_INVALID', `${path}: not a data set: expected ${wanted.join(' or ')}`);
}
