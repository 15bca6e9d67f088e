import { expect, it } from 'vitest';
import { stageTitles } from '../contract/stages.ts';
import { stages } from './index.ts';

it('a window lists the stages that the pipeline has', () => {
  expect(stageTitles).toEqual(stages.map(({ id, title }) => ({ id, title })));
});
