import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isStrataError, StrataError } from '../contract/errors.ts';
import {
  type ForeignTensor,
  foreignClt,
  foreignConfig,
  safetensorsBytes,
  writeForeignClt,
} from '../testing/foreign-clt.ts';
import { writeRandomClt } from '../testing/random-clt.ts';
import { cltHash, copyCltFolder } from './clt-copy.ts';
import { readCltFolder } from './clt-folder.ts';
import { readTensor } from './safetensors.ts';

const size = { layers: 3, width: 4, features: 5 };
const types = ['F32', 'F16', 'BF16', 'F64'] as const;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strata-clt-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const clt = () => join(dir, 'clt');
const named = (sparsifier: string) => `${foreignConfig}sparsifier: ${sparsifier}\n`;

describe('a folder that another program wrote', () => {
  test('is ReLU without thresholds and JumpReLU with them, and says that this was assumed', async () => {
    writeForeignClt(clt(), foreignClt(size));
    const relu = await readCltFolder(clt());
    expect(relu).toMatchObject({ assumed: true, shape: { ...size, sparsifier: { kind: 'relu' } } });
    expect(relu.config).toMatchObject({ model_name: 'openai/clip-vit', scan: 'some-scan' });
    writeForeignClt(clt(), foreignClt(size, { thresholds: true }));
    expect(await readCltFolder(clt())).toMatchObject({ assumed: true, shape: { sparsifier: { kind: 'jumprelu' } } });
  });

  test('may name hooks as it likes, or none', async () => {
    writeForeignClt(clt(), foreignClt(size), 'model_kind: cross_layer_transcoder\nfeature_input_hook: [a, b]\n');
    expect((await readCltFolder(clt())).config).toMatchObject({ model_name: '', feature_input_hook: ['a', 'b'] });
  });

  test('has the sparsifier that config.yaml names, or else the metadata of all its files', async () => {
    writeForeignClt(clt(), foreignClt(size), named('{kind: abs-topk, k: 2}'));
    const sparsifier = { kind: 'abs-topk', parameters: { k: 2 } };
    expect(await readCltFolder(clt())).toMatchObject({ assumed: false, shape: { sparsifier } });
    const { folder } = await writeRandomClt(clt(), size, 'relu-topk', 1);
    writeFileSync(join(clt(), 'config.yaml'), foreignConfig);
    expect(await readCltFolder(clt())).toMatchObject({ assumed: false, shape: folder.shape });
  });

  test.each(types)(
    'with weights in %s is copied as float32 with the same values, under a named sparsifier',
    async (dtype) => {
      const foreign = foreignClt(size, { thresholds: true, dtype });
      writeForeignClt(clt(), foreign);
      const source = await readCltFolder(clt(), types);
      await copyCltFolder(source, join(dir, 'copy'));
      const copy = await readCltFolder(join(dir, 'copy'));
      expect(copy).toMatchObject({ assumed: false, shape: source.shape });
      for (const { name, values } of [...foreign.files.values()].flat()) {
        const index = copy.files.get(name);
        expect(index && Array.from(await readTensor(index, name)), name).toEqual(values);
      }
      // Everything else that its config said is still there.
      const config = readFileSync(join(dir, 'copy', 'config.yaml'), 'utf8');
      expect(config).toContain('# a key of another program');
      expect(parse(config)).toMatchObject({ ...parse(foreignConfig), sparsifier: { kind: 'jumprelu' } });
    },
  );
});

test('a folder of Strata is copied byte for byte, and its hash is that of the weights', async () => {
  const { folder } = await writeRandomClt(clt(), size, 'jumprelu', 3);
  await copyCltFolder(folder, join(dir, 'copy'));
  for (const name of ['config.yaml', 'W_enc_0.safetensors', 'W_dec_2.safetensors']) {
    expect(readFileSync(join(dir, 'copy', name)).equals(readFileSync(join(clt(), name)))).toBe(true);
  }
  const hash = await cltHash(folder);
  expect(await cltHash(await readCltFolder(join(dir, 'copy')))).toBe(hash);
  const other = await writeRandomClt(join(dir, 'other'), size, 'jumprelu', 4);
  expect(await cltHash(other.folder)).not.toBe(hash);
});

describe('a malformed folder', () => {
  async function refusal(): Promise<string> {
    try {
      await copyCltFolder(await readCltFolder(clt(), types), join(dir, 'copy'));
    } catch (error) {
      if (isStrataError(error)) return error.message;
      throw error;
    }
    throw new Error('it was not refused');
  }

  /** Ways to spoil one tensor of a file; the text must be in the message. */
  const spoilings: Record<string, (tensor: ForeignTensor) => { tensors: ForeignTensor[]; text: string }> = {
    'is missing': () => ({ tensors: [], text: 'no such tensor' }),
    'has another name': (tensor) => ({ tensors: [{ ...tensor, name: `${tensor.name}x` }], text: 'no such tensor' }),
    'has one axis more': (tensor) => ({ tensors: [{ ...tensor, shape: [1, ...tensor.shape] }], text: 'expected' }),
    'is too short': (tensor) => {
      const [first, ...rest] = tensor.shape;
      const length = tensor.values.length / first;
      return {
        tensors: [{ ...tensor, shape: [first - 1, ...rest], values: tensor.values.slice(length) }],
        text: 'expected',
      };
    },
    'holds whole numbers': (tensor) => ({ tensors: [{ ...tensor, dtype: 'I32' }], text: 'found I32' }),
    'holds NaN': (tensor) => ({
      tensors: [{ ...tensor, values: [Number.NaN, ...tensor.values.slice(1)] }],
      text: 'found NaN at place 0',
    }),
    'holds an infinity': (tensor) => ({
      tensors: [{ ...tensor, values: [...tensor.values.slice(1), -Infinity] }],
      text: `found -Infinity at place ${tensor.values.length - 1}`,
    }),
    'has another beside it': (tensor) => ({ tensors: [tensor, { ...tensor, name: 'W_skip_0' }], text: 'W_skip_0' }),
  };

  test('names the file and the tensor, whichever it is and whatever is wrong with it', async () => {
    const { files } = foreignClt(size, { thresholds: true });
    for (const [file, tensors] of files) {
      for (const at of tensors.keys()) {
        for (const [how, spoil] of Object.entries(spoilings)) {
          writeForeignClt(clt(), { ...size, files }, named('{kind: jumprelu}'));
          const { tensors: spoiled, text } = spoil(tensors[at]);
          writeFileSync(join(clt(), file), safetensorsBytes(tensors.toSpliced(at, 1, ...spoiled)));
          const message = await refusal();
          // Sizes are read from W_dec_0: where it is wrong in itself, the first tensor that disagrees is named.
          const expected = file === 'W_dec_0.safetensors' && how === 'is too short' ? 'W_enc_0' : file;
          expect(message, `${tensors[at].name} ${how}`).toContain(join(clt(), expected));
          expect(message, `${tensors[at].name} ${how}`).toContain(text);
          if (how !== 'has another beside it' && expected === file) expect(message).toContain(tensors[at].name);
        }
      }
    }
  });

  test('names the file when any of them is cut off anywhere or missing, and the tensor when its bytes are', async () => {
    const foreign = foreignClt(size, { thresholds: true });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...foreign.files),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async ([file, tensors], part) => {
          writeForeignClt(clt(), foreign);
          const bytes = readFileSync(join(clt(), file));
          const length = Math.floor(bytes.length * part);
          truncateSync(join(clt(), file), length);
          const message = await refusal();
          expect(message).toContain(join(clt(), file));
          if (length >= 8 + Number(bytes.readBigUInt64LE())) {
            expect(tensors.some(({ name }) => message.includes(`tensor "${name}"`))).toBe(true);
          }
          rmSync(join(clt(), file));
          expect(await refusal()).toContain(join(clt(), file));
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    [null, 'config.yaml: cannot be read'],
    ['model_kind: [', 'config.yaml: not YAML'],
    ['just text', 'config.yaml: the file: '],
    ['model_kind: transcoder_set', 'config.yaml: model_kind: '],
    [named('{kind: topk}'), 'config.yaml: sparsifier.kind: '],
    [named('{kind: relu-topk}'), 'config.yaml: sparsifier.k: expected a number, found none'],
    [named('{kind: relu-topk, k: 0}'), 'config.yaml: sparsifier.k: '],
    [named('{kind: relu, k: 4}'), 'config.yaml: sparsifier: '],
    [
      named('{kind: jumprelu}'),
      'W_enc_0.safetensors: threshold_0: expected F32 or F16 or BF16 or F64 [5], found no such',
    ],
  ])('with the config %j says what is wrong with it', async (config, problem) => {
    writeForeignClt(clt(), foreignClt(size), config);
    expect(await refusal()).toContain(join(clt(), problem));
  });

  test('whose files do not name the same sparsifier names the odd one', async () => {
    const { folder } = await writeRandomClt(clt(), size, 'relu-topk', 1);
    const wrong = (metadata: object) => {
      const path = join(clt(), 'W_enc_1.safetensors');
      writeFileSync(path, safetensorsBytes(foreignClt(size).files.get('W_enc_1.safetensors') ?? [], metadata));
      return path;
    };
    const path = wrong({ sparsifier: '{"kind":"relu-topk","k":3}' });
    expect(await refusal()).toContain(`${path}: sparsifier: expected {"kind":"relu-topk","parameters":{"k":1}}`);
    wrong({ sparsifier: 'relu' });
    expect(await refusal()).toContain(`${path}: the metadata's sparsifier is not JSON`);
    wrong({});
    expect((await readCltFolder(clt())).shape).toEqual(folder.shape);
    writeFileSync(join(clt(), 'config.yaml'), foreignConfig);
    expect(await refusal()).toContain(
      `${path}: sparsifier: expected {"kind":"relu-topk","parameters":{"k":1}} in its metadata`,
    );
  });

  test('with thresholds in some layers only, or too many layers, names them', async () => {
    const foreign = foreignClt(size);
    const thresholds = foreignClt(size, { thresholds: true }).files.get('W_enc_1.safetensors') ?? [];
    writeForeignClt(clt(), { ...foreign, files: new Map([...foreign.files, ['W_enc_1.safetensors', thresholds]]) });
    expect(await refusal()).toContain('W_enc_0.safetensors: threshold_0: expected');
    writeForeignClt(clt(), foreign);
    writeFileSync(join(clt(), 'W_enc_3.safetensors'), safetensorsBytes([]));
    expect(await refusal()).toContain('W_dec_3.safetensors');
    rmSync(join(clt(), 'W_enc_1.safetensors'));
    expect(await refusal()).toContain('W_enc_1.safetensors');
    await expect(readCltFolder(join(dir, 'nowhere'))).rejects.toBeInstanceOf(StrataError);
  });
});
