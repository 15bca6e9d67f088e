const looks = ['blurry', 'black and white', 'low contrast', 'high contrast', 'bad', 'good'];
const sizes = ['small', 'big'];

/** With either article: the photo, the photo of each look, the photo of a thing of each size. */
const cifar100 = ['a', 'the'].flatMap((article) => [
  `a photo of ${article} {}.`,
  ...looks.map((look) => `a ${look} photo of ${article} {}.`),
  ...sizes.map((size) => `a photo of ${article} ${size} {}.`),
]);

/**
 * Sets of sentences with {} for a class name, by name: `cifar100` are the 18 that CLIP's authors published for that
 * data set, in their order (method, section 6).
 */
export const promptTemplateSets = {
  cifar100,
  simple: ['a photo of a {}.'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PromptTemplateSet = keyof typeof promptTemplateSets;

export const promptTemplateSetNames = Object.keys(promptTemplateSets) as [PromptTemplateSet, ...PromptTemplateSet[]];

/** The sentences that a recipe's `evaluate.promptTemplates` stands for: those of the named set, or the list itself. */
export function promptTemplates(choice: PromptTemplateSet | readonly string[]): readonly string[] {
  return typeof choice === 'string' ? promptTemplateSets[choice] : choice;
}
