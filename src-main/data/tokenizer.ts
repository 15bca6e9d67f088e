import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { StrataError } from '../contract/errors.ts';
import type { ClipFolder } from './clip-folder.ts';
import { readJsonFile } from './json-file.ts';

/** Texts as the text tower takes them: [count, length], row-major. */
interface TokenBatch {
  count: number;
  /** Tokens of the longest text; shorter ones are padded. */
  length: number;
  inputIds: BigInt64Array<ArrayBuffer>;
  /** 1 for a text's own tokens, start and end included, 0 for padding. */
  attentionMask: BigInt64Array<ArrayBuffer>;
  /** Position in each row of the token whose output stands for the text. */
  endIndex: Int32Array<ArrayBuffer>;
}

export interface ClipTokenizer {
  /**
   * Tokens of each text between start and end token, cut to `maxLength` in all (the model's longest unless given) with
   * the end token kept.
   */
  encode(texts: readonly string[], maxLength?: number): TokenBatch;
}

const specialToken = z.union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)]);
const configSchema = z.looseObject({ pad_token: specialToken.nullish() });

/**
 * Loads tokenizer.json, and tokenizer_config.json where present, of a model folder; nothing comes from the network.
 * MODEL_INVALID when tokenizer.json is unreadable or does not frame texts as the model expects.
 */
export async function loadTokenizer(
  clip: Pick<ClipFolder, 'tokenizerPath' | 'text' | 'textPooling'>,
): Promise<ClipTokenizer> {
  const path = clip.tokenizerPath;
  const json = await readJsonFile(path, z.looseObject({ model: z.looseObject({}) }), 'MODEL_INVALID');
  const configPath = join(dirname(path), 'tokenizer_config.json');
  const hasConfig = await access(configPath).then(
    () => true,
    () => false,
  );
  const config = hasConfig ? await readJsonFile(configPath, configSchema, 'MODEL_INVALID') : {};
  const tokenizer = createTokenizer(path, json, config);
  const frame = tokenizer.encode('').ids;
  const end = frame.at(-1);
  const isPooled = clip.textPooling === 'highest-id' || end === clip.text.eosTokenId;
  if (frame.length !== 2 || end === undefined || !isPooled) {
    const expected = `a start token and the end token ${clip.text.eosTokenId} of config.json's text_config.eos_token_id`;
    throw new StrataError(
      'MODEL_INVALID',
      `${path}: around each text, expected ${expected}, found [${frame.join(', ')}]`,
    );
  }
  const pad = (config.pad_token && tokenizer.token_to_id(config.pad_token)) ?? end;
  return {
    encode(texts, maxLength = clip.text.maxTokens) {
      const rows = texts.map((text) => {
        const { ids } = tokenizer.encode(text);
        return ids.length <= maxLength ? ids : [...ids.slice(0, maxLength - 1), end];
      });
      return toBatch(rows, pad, (ids) => ids.indexOf(clip.textPooling === 'highest-id' ? Math.max(...ids) : end));
    },
  };
}

function createTokenizer(path: string, json: object, config: object): Tokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('MODEL_INVALID', `${path}: not a tokenizer that is understood (${reason})`, { cause: error });
  }
}

function toBatch(rows: readonly number[][], pad: number, findEnd: (ids: number[]) => number): TokenBatch {
  const count = rows.length;
  const length = Math.max(0, ...rows.map((ids) => ids.length));
  const inputIds = new BigInt64Array(count * length).fill(BigInt(pad));
  const attentionMask = new BigInt64Array(count * length);
  for (const [row, ids] of rows.entries()) {
    inputIds.set(ids.map(BigInt), row * length);
    attentionMask.fill(1n, row * length, row * length + ids.length);
  }
  return { count, length, inputIds, attentionMask, endIndex: Int32Array.from(rows, findEnd) };
}
