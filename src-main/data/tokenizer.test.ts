import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import golden from '../../testdata/mini-clip/golden.json' with { type: 'json' };
import { readClipFolder } from './clip-folder.ts';
import { readSafetensorsIndex, readTensorRaw } from './safetensors.ts';
import { loadTokenizer } from './tokenizer.ts';

const clip = await readClipFolder('models/mini-clip');
const [start, end] = [2046, 2047];

test('all prompts of the golden file, without the network', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
  const { inputIds, attentionMask, count, length, endIndex } = (await loadTokenizer(clip)).encode(golden.prompts);
  expect(fetch).not.toHaveBeenCalled();
  fetch.mockRestore();
  const index = await readSafetensorsIndex('testdata/mini-clip/golden.safetensors');
  const expected = async (name: string) => new BigInt64Array((await readTensorRaw(index, name)).buffer);
  expect([count, length]).toEqual([328, 11]);
  expect(inputIds).toEqual(await expected('input_ids'));
  expect(attentionMask).toEqual(await expected('attention_mask'));
  for (const [row, position] of endIndex.entries()) {
    expect(inputIds.indexOf(BigInt(end), row * length) - row * length).toBe(position);
  }
});

test('any text is framed, padded, and cut with its end token kept', async () => {
  const tokenizer = await loadTokenizer(clip);
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 2, max: 32 }),
      (texts, maxLength) => {
        const { inputIds, attentionMask, count, length, endIndex } = tokenizer.encode(texts, maxLength);
        expect(count).toBe(texts.length);
        expect(length).toBeLessThanOrEqual(maxLength);
        for (let row = 0; row < count; row++) {
          const ids = Array.from(inputIds.subarray(row * length, (row + 1) * length), Number);
          const own = attentionMask.subarray(row * length, (row + 1) * length).filter((bit) => bit === 1n).length;
          expect(ids[0]).toBe(start);
          expect(ids.slice(own - 1)).toEqual(Array(length - own + 1).fill(end));
          expect(ids.indexOf(end)).toBe(endIndex[row]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('no texts give an empty batch', async () => {
  expect((await loadTokenizer(clip)).encode([])).toMatchObject({ count: 0, length: 0 });
});

describe('other folders', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'strata-tokenizer-'));
    await cp('models/mini-clip', dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('without tokenizer_config.json, or with a pad token of its own', async () => {
    const texts = ['a bird', 'a drawing of a bird in a tree'];
    const folder = await readClipFolder(dir);
    await rm(join(dir, 'tokenizer_config.json'));
    const plain = (await loadTokenizer(folder)).encode(texts);
    expect(plain).toEqual((await loadTokenizer(clip)).encode(texts));
    await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify({ pad_token: { content: '!' } }));
    const padded = (await loadTokenizer(folder)).encode(texts);
    expect(padded.inputIds[padded.length - 1]).toBe(0n);
    expect(padded.endIndex).toEqual(plain.endIndex);
  });

  test('early checkpoints pool at the highest id', async () => {
    const folder = { ...clip, textPooling: 'highest-id', text: { ...clip.text, eosTokenId: 2 } } as const;
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.encode(['a bird']).endIndex).toEqual((await loadTokenizer(clip)).encode(['a bird']).endIndex);
  });

  test('a wrong end token, a file that is no tokenizer, one that frames nothing', async () => {
    const wrongEnd = { ...clip, text: { ...clip.text, eosTokenId: 7 } };
    await expect(loadTokenizer(wrongEnd)).rejects.toThrow('the end token 7');
    const path = join(dir, 'tokenizer.json');
    const json: object = JSON.parse(await readFile(path, 'utf8'));
    const folder = { ...clip, tokenizerPath: path };
    for (const content of ['{', '{}', '{"model":{"type":"Rune"}}', JSON.stringify({ ...json, post_processor: null })]) {
      await writeFile(path, content);
      await expect(loadTokenizer(folder)).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining(path),
      });
    }
  });
});
