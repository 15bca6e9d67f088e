import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tensor of a foreign file: its numbers, and the type and shape that the header states. */
export interface ForeignTensor {
  name: string;
  dtype: 'F32' | 'F16' | 'BF16' | 'F64' | 'I32';
  shape: number[];
  values: number[];
}

export interface ForeignClt {
  layers: number;
  width: number;
  features: number;
  /** By file name; in the order in which they lie in the file. */
  files: Map<string, ForeignTensor[]>;
}

/**
 * A CLT as another program may write it in circuit-tracer's layout. Nothing here is shared with Strata's own writer, so
 * that a mistake in that cannot hide itself. Every number is one that a half or bfloat16 holds exactly.
 */
export function foreignClt(
  size: { layers: number; width: number; features: number },
  options: { thresholds?: boolean; dtype?: ForeignTensor['dtype'] } = {},
): ForeignClt {
  const { layers, width, features } = size;
  const { thresholds = false, dtype = 'F32' } = options;
  let state = 1;
  // Multiples of 1/64 between -1 and 1 need seven bits.
  const numbers = (count: number) =>
    Array.from({ length: count }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return ((state >> 12) % 128) / 64 - 1;
    });
  const files = new Map<string, ForeignTensor[]>();
  for (let i = 0; i < layers; i++) {
    const tensor = (name: string, shape: number[]) => {
      const values = numbers(shape.reduce((a, b) => a * b, 1));
      return { name: `${name}_${i}`, dtype, shape, values };
    };
    const threshold = tensor('threshold', [features]);
    threshold.values = threshold.values.map((value) => (value + 1) / 4);
    files.set(`W_enc_${i}.safetensors`, [
      tensor('b_dec', [width]),
      tensor('W_enc', [features, width]),
      ...(thresholds ? [threshold] : []),
      tensor('b_enc', [features]),
    ]);
    files.set(`W_dec_${i}.safetensors`, [tensor('W_dec', [features, layers - i, width])]);
  }
  return { ...size, files };
}

export const foreignConfig = [
  'model_name: "openai/clip-vit"',
  'model_kind: cross_layer_transcoder',
  'feature_input_hook: mlp.hook_in',
  'feature_output_hook: mlp.hook_out',
  'scan: some-scan  # a key of another program',
  '',
].join('\n');

/** Writes the files, header and numbers byte by byte. `config` null leaves config.yaml out. */
export function writeForeignClt(dir: string, { files }: ForeignClt, config: string | null = foreignConfig): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, tensors] of files) writeFileSync(join(dir, name), safetensorsBytes(tensors));
  if (config !== null) writeFileSync(join(dir, 'config.yaml'), config);
}

export function safetensorsBytes(tensors: readonly ForeignTensor[], metadata: object = { format: 'pt' }): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const { name, dtype, shape, values } of tensors) {
    const part = Buffer.concat(values.map((value) => elementBytes(dtype, value)));
    header[name] = { dtype, shape, data_offsets: [offset, offset + part.length] };
    offset += part.length;
    parts.push(part);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

function elementBytes(dtype: ForeignTensor['dtype'], value: number): Buffer {
  const bytes = Buffer.alloc(dtype === 'F64' ? 8 : 4);
  if (dtype === 'F64') bytes.writeDoubleLE(value);
  else if (dtype === 'I32') bytes.writeInt32LE(Math.trunc(value));
  else bytes.writeFloatLE(value);
  if (dtype === 'BF16') return bytes.subarray(2);
  return dtype === 'F16' ? halfBytes(value) : bytes;
}

/** IEEE half precision of a number that it holds exactly. */
function halfBytes(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  if (value !== 0) {
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = Math.abs(value) / 2 ** exponent - 1;
    bytes.writeUInt16LE((value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | (fraction * 1024));
  }
  return bytes;
}

/** yhat [L][d] of one token from x [L][d], by the definition, in double precision (method, section 2). */
export function foreignForward(clt: ForeignClt, x: readonly number[][]): number[][] {
  const { layers, width, features, files } = clt;
  const tensors = new Map([...files.values()].flat().map((tensor) => [tensor.name, tensor.values]));
  const values = (name: string) => tensors.get(name) ?? [];
  const codes = x.map((input, i) =>
    Array.from({ length: features }, (_, f) => {
      let h = values(`b_enc_${i}`)[f];
      for (let d = 0; d < width; d++) h += values(`W_enc_${i}`)[f * width + d] * input[d];
      return h > (values(`threshold_${i}`)[f] ?? 0) ? h : 0;
    }),
  );
  return Array.from({ length: layers }, (_, j) =>
    Array.from({ length: width }, (_, d) => {
      let sum = values(`b_dec_${j}`)[d];
      for (let i = 0; i <= j; i++) {
        for (let f = 0; f < features; f++)
          sum += codes[i][f] * values(`W_dec_${i}`)[(f * (layers - i) + j - i) * width + d];
      }
      return sum;
    }),
  );
}
