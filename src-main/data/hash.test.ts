import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { hashFile } from './hash.ts';

const file = 'models/mini-clip/model.safetensors';

test('the digest of a file larger than one piece', async () => {
  const expected = createHash('sha256').update(await readFile(file));
  expect(await hashFile(file)).toBe(expected.digest('hex'));
});

test('a fired signal stops it', async () => {
  await expect(hashFile(file, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
