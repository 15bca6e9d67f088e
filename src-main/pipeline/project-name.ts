import { StrataError } from '../contract/errors.ts';
import { slug } from '../contract/recipe.ts';

/** A name as recipes write it, made of a file's or folder's. USAGE when nothing of it can be kept. */
export function projectName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/\.(tar|tar\.gz|zip)$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  if (slug.safeParse(name).success) return name;
  throw new StrataError(
    'USAGE',
    `'${text}' cannot be a name in a project (expected small letters, digits, dots and dashes)`,
  );
}
