import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { utilityProcess } from './standin/utility-process.ts';

test('a utility process of the stand-in talks through parentPort', async () => {
  const child = utilityProcess.fork(path.join(import.meta.dirname, 'fixtures/echo.ts'));
  const sent = { weights: new Float32Array([1, 2]) };
  child.postMessage(sent);
  expect((await once(child, 'message'))[0]).toEqual(sent);
  child.postMessage('end');
  expect((await once(child, 'exit'))[0]).toBe(7);
});
