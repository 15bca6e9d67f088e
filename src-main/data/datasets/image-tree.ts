import { StrataError } from '../../contract/errors.ts';
import { labelFolders, readLabels } from '../labels.ts';
import type {
  FormatId,
  ImageEntry,
  ImageLocation,
  ImageReader,
  OpenDataset,
  SkippedImage,
  SplitOptions,
} from './format.ts';
import { readLayout } from './layout.ts';

/** What formats that name classes by folders have in common: files with paths, in a folder or in an archive. */
export interface ImageTree extends ImageReader {
  /** All files, sorted by path as comparePaths does; may be called again. */
  files(): AsyncIterable<ImageLocation>;
  /** Known once files() has come to its end. */
  unreadable: readonly SkippedImage[];
}

const imageName = /\.(png|jpe?g|webp)$/i;

/** Opens a tree of images as a data set. DATASET_INVALID when there is no image in the folder of a class. */
export async function openImageTree(
  tree: ImageTree,
  { format, path, labelsPath }: { format: FormatId; path: string; labelsPath: string },
  options: SplitOptions,
): Promise<OpenDataset> {
  const imagesByFolder = new Map<string, number>();
  let files = 0;
  for await (const file of tree.files()) {
    files++;
    if (!isImage(file.path)) continue;
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    imagesByFolder.set(folder, (imagesByFolder.get(folder) ?? 0) + 1);
  }
  const place = readLayout(imagesByFolder.keys(), options);
  const classFolders = new Set<string>();
  let count = 0;
  for (const [folder, images] of imagesByFolder) {
    const found = place(folder === '' ? '' : `${folder}/`);
    if (!found) continue;
    classFolders.add(found.folder);
    count += images;
  }
  if (count === 0) {
    const advice =
      'put PNG, JPEG or WebP files into one folder for each class, with train/ and test/ around them or not';
    throw new StrataError('DATASET_INVALID', `${path}: there is no image in a class's folder; ${advice}`);
  }
  const labels = await readLabels(labelsPath);
  const classes = labelFolders(labels, classFolders);
  const classIndices = new Map(Array.from(classes.keys(), (folder, index) => [folder, index]));

  async function* entries(): AsyncGenerator<ImageEntry> {
    for await (const file of tree.files()) {
      const found = isImage(file.path) ? place(file.path) : null;
      const classIndex = found && classIndices.get(found.folder);
      if (found && typeof classIndex === 'number') yield { ...file, split: found.split, classIndex };
    }
  }

  return {
    format,
    classes: [...classes.values()],
    promptTemplates: labels.promptTemplates,
    count,
    ignored: files - count,
    unreadable: tree.unreadable.filter((one) => one.path === path || isImage(one.path)),
    entries,
    read: (location) => tree.read(location),
    close: () => tree.close(),
  };
}

/** Hidden files and what macOS puts into archives are not images, whatever they are called. */
function isImage(path: string): boolean {
  return imageName.test(path) && !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

/** The order of entries: by code unit, so that it is the same on every machine. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
