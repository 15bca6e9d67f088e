import { expect, test } from 'vitest';
import { promptTemplateSets, promptTemplates } from './prompt-templates.ts';

test('the CIFAR-100 set is the published one, in its order', () => {
  expect(promptTemplates('cifar100')).toEqual([
    'a photo of a {}.',
    'a blurry photo of a {}.',
    'a black and white photo of a {}.',
    'a low contrast photo of a {}.',
    'a high contrast photo of a {}.',
    'a bad photo of a {}.',
    'a good photo of a {}.',
    'a photo of a small {}.',
    'a photo of a big {}.',
    'a photo of the {}.',
    'a blurry photo of the {}.',
    'a black and white photo of the {}.',
    'a low contrast photo of the {}.',
    'a high contrast photo of the {}.',
    'a bad photo of the {}.',
    'a good photo of the {}.',
    'a photo of the small {}.',
    'a photo of the big {}.',
  ]);
});

test('every sentence of a set has a place for the class, and none comes twice', () => {
  for (const templates of Object.values(promptTemplateSets)) {
    for (const template of templates) expect(template.split('{}')).toHaveLength(2);
    expect(new Set(templates).size).toBe(templates.length);
  }
});

test('a list of sentences stands for itself', () => {
  expect(promptTemplates(['{}', 'no {}'])).toEqual(['{}', 'no {}']);
});
