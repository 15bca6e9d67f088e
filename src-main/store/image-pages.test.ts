import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { beginDataset } from './datasets.ts';
import { countByClass, type ImageFilter, imagePage, placeOf } from './image-pages.ts';
import { addImages } from './images.ts';
import { imageRows, temporaryProject } from './test-project.ts';

const rows = imageRows(200).map((row) => ({
  ...row,
  path: row.index % 7 === 0 ? `Odd/100%_${row.index}.png` : row.path,
}));

async function projectWithImages() {
  const project = await temporaryProject(onTestFinished);
  const classes = ['tabby', 'hound'].map((name) => ({ name, prompts: [name] }));
  await beginDataset(project, { name: 'pets', source: '/p', format: 'imagefolder', classes, promptTemplates: ['{}'] });
  await addImages(project, 'pets', rows);
  return project;
}

const plainly = ({ split, classIndex, text }: ImageFilter) =>
  rows.filter(
    (row) =>
      (split === undefined || row.split === split) &&
      (classIndex === undefined || row.classIndex === classIndex) &&
      row.path.toLowerCase().includes((text ?? '').toLowerCase()),
  );

const anyFilter = fc.record(
  {
    split: fc.constantFrom('train', 'test', 'other'),
    classIndex: fc.constantFrom(0, 1, 2),
    text: fc.constantFrom('', '1', 'ODD', '%', '0%_1', '_', '!', 'images/1', "'"),
  },
  { requiredKeys: [] },
);

test('pages are what a plain filter over all rows gives, with the total and every place', async () => {
  const project = await projectWithImages();
  await fc.assert(
    fc.asyncProperty(anyFilter, fc.nat(210), fc.integer({ min: 1, max: 60 }), async (filter, offset, limit) => {
      const expected = plainly(filter);
      const page = await imagePage(project, 'pets', filter, { offset, limit });
      expect(page.total).toBe(expected.length);
      expect(page.images).toEqual(expected.slice(offset, offset + limit));
      const index = offset % 200;
      const place = expected.findIndex((row) => row.index === index);
      expect(await placeOf(project, 'pets', filter, index)).toBe(place < 0 ? null : place);
    }),
    { numRuns: 60 },
  );
});

test('counts by class add up to the rows', async () => {
  const project = await projectWithImages();
  const counts = await countByClass(project, 'pets');
  for (const { split, classIndex, images } of counts) expect(images).toBe(plainly({ split, classIndex }).length);
  expect(counts.reduce((sum, { images }) => sum + images, 0)).toBe(rows.length);
});
