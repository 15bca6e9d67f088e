import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { labelFolders, readLabels } from './labels.ts';

let dir: string;
let path: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-labels-'));
  path = join(dir, 'labels.json');
});
afterAll(() => rm(dir, { recursive: true }));

test('without labels.json, classes are called like their folders', async () => {
  const labels = await readLabels(join(dir, 'absent.json'));
  expect(labels.promptTemplates).toEqual(['a photo of a {}.']);
  expect([...labelFolders(labels, ['sea_lion', 'hot--dog', 'Ape'])]).toEqual([
    ['Ape', { name: 'Ape', prompts: ['a photo of a Ape.'] }],
    ['hot--dog', { name: 'hot dog', prompts: ['a photo of a hot dog.'] }],
    ['sea_lion', { name: 'sea lion', prompts: ['a photo of a sea lion.'] }],
  ]);
});

test('labels.json gives names, prompts and the order; folders it does not know come after', async () => {
  const classes = [
    { index: 0, slug: 'z', name: 'zebra', prompts: ['stripes'] },
    { index: 1, slug: 'a', name: 'an $& ape' },
  ];
  await writeFile(path, JSON.stringify({ prompt_templates: ['{} and {}', 'one {}'], classes }));
  const found = labelFolders(await readLabels(path), ['b_c', 'a', 'z']);
  expect([...found]).toEqual([
    ['z', { name: 'zebra', prompts: ['stripes'] }],
    ['a', { name: 'an $& ape', prompts: ['an $& ape and an $& ape', 'one an $& ape'] }],
    ['b_c', { name: 'b c', prompts: ['b c and b c', 'one b c'] }],
  ]);
});

test('the embedded labels', async () => {
  const { classes, promptTemplates } = await readLabels('resources/emoji/labels.json');
  expect(classes.size).toBe(82);
  expect(promptTemplates).toHaveLength(4);
  expect(classes.get('affectionate-face')?.prompts[0]).toBe('a drawing of an affectionate face');
});

test.each([
  [{ classes: [] }, 'classes: '],
  [{ classes: [{ slug: 'a' }] }, 'classes.0.name: '],
  [{ classes: [{ slug: 'a', name: 'a', index: 3 }] }, 'classes.0.index: expected 0, found 3'],
  [
    {
      classes: [
        { slug: 'a', name: 'a' },
        { slug: 'a', name: 'b' },
      ],
    },
    'classes.1.slug: "a" is there twice',
  ],
  [{ prompt_templates: ['no place'], classes: [{ slug: 'a', name: 'a' }] }, 'prompt_templates.0: '],
])('%j is DATASET_INVALID', async (content, message) => {
  await writeFile(path, JSON.stringify(content));
  await expect(readLabels(path)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining(`labels.json: ${message}`),
  });
});
