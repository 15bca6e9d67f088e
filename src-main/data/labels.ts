import { access } from 'node:fs/promises';
import { z } from 'zod';
import { readJsonFile } from './json-file.ts';

/** A class as it is shown and as the text tower hears of it. */
export interface ClassLabel {
  name: string;
  prompts: string[];
}

export interface Labels {
  /** Sentences with `{}` where the class name goes. */
  promptTemplates: string[];
  /** Folder name to label, in class order. */
  classes: Map<string, ClassLabel>;
}

const defaultTemplates = ['a photo of a {}.'];
const template = z.string().refine((text) => text.includes('{}'), { error: 'expected a sentence with {} in it' });

const labelsSchema = z.object({
  prompt_templates: z.array(template).min(1).default(defaultTemplates),
  classes: z
    .array(
      z.object({
        index: z.int().optional(),
        name: z.string().min(1),
        slug: z.string().min(1),
        prompts: z.array(z.string().min(1)).min(1).optional(),
      }),
    )
    .min(1)
    .superRefine((classes, context) => {
      const slugs = new Set<string>();
      for (const [position, { index, slug }] of classes.entries()) {
        if (index !== undefined && index !== position) {
          context.addIssue({
            code: 'custom',
            path: [position, 'index'],
            message: `expected ${position}, found ${index}`,
          });
        }
        if (slugs.has(slug)) {
          context.addIssue({ code: 'custom', path: [position, 'slug'], message: `"${slug}" is there twice` });
        }
        slugs.add(slug);
      }
    }),
});

/**
 * Reads labels.json: `classes` with the folder's name (`slug`), the class's `name` and, where the templates would not
 * read well, `prompts` of its own; `prompt_templates` for the others. Without the file there are no classes in it yet.
 * DATASET_INVALID when the file is there but not like this.
 */
export async function readLabels(path: string): Promise<Labels> {
  const present = await access(path).then(
    () => true,
    () => false,
  );
  if (!present) return { promptTemplates: defaultTemplates, classes: new Map() };
  const { classes, prompt_templates: promptTemplates } = await readJsonFile(path, labelsSchema, 'DATASET_INVALID');
  return {
    promptTemplates,
    classes: new Map(
      classes.map(({ slug, name, prompts }) => [slug, { name, prompts: prompts ?? fillIn(promptTemplates, name) }]),
    ),
  };
}

/** Labels for the given folders: those of labels.json in its order, then the others by their folders' names, sorted. */
export function labelFolders(labels: Labels, folders: Iterable<string>): Map<string, ClassLabel> {
  const classes = new Map(labels.classes);
  for (const folder of [...folders].sort()) {
    if (classes.has(folder)) continue;
    const name = folder.replaceAll(/[_-]+/g, ' ').trim() || folder;
    classes.set(folder, { name, prompts: fillIn(labels.promptTemplates, name) });
  }
  return classes;
}

function fillIn(templates: readonly string[], name: string): string[] {
  return templates.map((text) => text.replaceAll('{}', () => name));
}
