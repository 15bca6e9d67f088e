import * as ort from 'onnxruntime-node';
import { clipTextGraph } from '../graphs/clip-text.ts';
import { type ClipModel, checkpointOf } from './clip-model.ts';
import { createSession, floats, type Provider } from './session.ts';

/** Tokenised prompts: ids [prompts, length] and the place of each prompt's end token. */
export interface TokenizedPrompts {
  inputIds: BigInt64Array;
  length: number;
  endIndex: ArrayLike<number>;
}

const promptsPerBatch = 64;

/** Text embeddings [prompts, projection], not normalised. */
export async function embedPrompts(
  model: ClipModel,
  prompts: TokenizedPrompts,
  provider: Provider,
): Promise<Float32Array> {
  const { checkpoint, externalFolder } = checkpointOf(model);
  const { inputIds, length, endIndex } = prompts;
  const session = await createSession(clipTextGraph(model.text, checkpoint, length), { provider, externalFolder });
  const embeddings = new Float32Array(endIndex.length * model.projectionDim);
  for (let start = 0; start < endIndex.length; start += promptsPerBatch) {
    const ends = Array.from(endIndex).slice(start, start + promptsPerBatch);
    const ids = inputIds.slice(start * length, (start + ends.length) * length);
    const positions = BigInt64Array.from(ends, (end, prompt) => BigInt(prompt * length + end));
    const output = await session.run({
      inputIds: new ort.Tensor('int64', ids, [ids.length]),
      endPositions: new ort.Tensor('int64', positions, [positions.length]),
    });
    embeddings.set(floats(output.embedding), start * model.projectionDim);
  }
  await session.release();
  return embeddings;
}
