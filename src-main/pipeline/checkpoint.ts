import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../contract/errors.ts';
import { type CltShape, cltParameters } from '../core/clt-shape.ts';
import type { Statistics } from '../core/standardise.ts';
import { readSafetensorsIndex, readTensor, type TensorToWrite, writeSafetensors } from '../data/safetensors.ts';
import type { TrainingState } from '../engine/clt-trainer.ts';
import { runDir } from '../store/project-folder.ts';
import type { StageContext } from './stage.ts';

/** All that a resumed run needs to go on bit for bit; batches and schedules follow from the step alone. */
export interface Checkpoint {
  state: TrainingState;
  /** [L, m] tokens since each feature last fired. */
  sinceFired: Float32Array;
  statistics: Statistics;
}

export function checkpointPath(context: Pick<StageContext, 'project' | 'runId'>): string {
  return join(runDir(context.project, context.runId), 'checkpoint', 'state.safetensors');
}

/** Replaces the run's checkpoint: temporary file, fsync, rename. */
export async function writeCheckpoint(context: StageContext, shape: CltShape, checkpoint: Checkpoint): Promise<void> {
  const { state, statistics, sinceFired } = checkpoint;
  const { layers, width } = statistics;
  const tensor = (name: string, dims: readonly number[], data: Float32Array): TensorToWrite => ({
    name,
    dtype: 'F32',
    shape: dims,
    data,
  });
  const trained = cltParameters(shape).flatMap(({ name, shape: dims }) =>
    (['parameters', 'm', 'v'] as const).map((kind) => {
      const data = state[kind].get(name);
      if (!data) throw new Error(`training state lacks ${kind} of ${name}`);
      return tensor(`${kind}/${name}`, dims, data);
    }),
  );
  const path = checkpointPath(context);
  await mkdir(join(path, '..'), { recursive: true });
  await writeSafetensors(
    path,
    [
      ...trained,
      tensor('sinceFired', [layers, shape.features], sinceFired),
      tensor('meanX', [layers, width], statistics.meanX),
      tensor('meanY', [layers, width], statistics.meanY),
      tensor('rmsX', [layers], statistics.rmsX),
      tensor('rmsY', [layers], statistics.rmsY),
    ],
    { step: String(state.step), statisticsTokens: String(statistics.tokens) },
  );
}

/** The run's last checkpoint, or undefined before the first. FILE_INVALID when it does not fit the run. */
export async function readCheckpoint(context: StageContext, shape: CltShape): Promise<Checkpoint | undefined> {
  const path = checkpointPath(context);
  if (!existsSync(path)) return undefined;
  const index = await readSafetensorsIndex(path);
  const step = Number(index.metadata.step);
  const tokens = Number(index.metadata.statisticsTokens);
  if (!Number.isInteger(step) || !Number.isInteger(tokens)) {
    throw new StrataError('FILE_INVALID', `${path}: not a training checkpoint; delete it to train from the start`);
  }
  const read = (name: string) => readTensor(index, name);
  const all = async (kind: string) => {
    const values = new Map<string, Float32Array>();
    for (const { name } of cltParameters(shape)) values.set(name, await read(`${kind}/${name}`));
    return values;
  };
  return {
    state: { step, parameters: await all('parameters'), m: await all('m'), v: await all('v') },
    sinceFired: await read('sinceFired'),
    statistics: {
      layers: shape.layers,
      width: shape.width,
      tokens,
      meanX: await read('meanX'),
      meanY: await read('meanY'),
      rmsX: await read('rmsX'),
      rmsY: await read('rmsY'),
    },
  };
}
