import { expect, it, onTestFinished } from 'vitest';
import { listRunNotes, writeRunNotes } from './run-notes.ts';
import { runInProject, temporaryProject } from './test-project.ts';

it('notes of a run are kept, replaced, and told from those of others', async () => {
  const project = await temporaryProject(onTestFinished);
  const first = await runInProject(project);
  const second = await runInProject(project, 1);
  expect(await listRunNotes(project)).toEqual(new Map());
  await writeRunNotes(project, first.id, { tags: ['paper', 'k', 'paper'], note: 'a\nb' });
  expect(await listRunNotes(project)).toEqual(new Map([[first.id, { tags: ['paper', 'k'], note: 'a\nb' }]]));
  await writeRunNotes(project, first.id, { tags: [], note: '' });
  await writeRunNotes(project, second.id, { tags: ['best'], note: '' });
  expect((await listRunNotes(project)).get(first.id)).toEqual({ tags: [], note: '' });
  expect((await listRunNotes(project)).get(second.id)).toEqual({ tags: ['best'], note: '' });
  await expect(writeRunNotes(project, 'nobody', { tags: [], note: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
