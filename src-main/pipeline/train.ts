import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { StrataError } from '../contract/errors.ts';
import { initialParameters } from '../core/clt-init.ts';
import { type CltShape, parameterCount } from '../core/clt-shape.ts';
import { DeadFeatures } from '../core/dead-features.ts';
import { foldStandardisation } from '../core/fold.ts';
import { lambdaAt, learningRateAt } from '../core/schedule.ts';
import { standardiseRows } from '../core/standardise.ts';
import { writeCltFolder } from '../data/clt-folder.ts';
import { CltTrainer, type StepResult } from '../engine/clt-trainer.ts';
import { runDir } from '../store/project-folder.ts';
import { readResult, writeResult } from '../store/results.ts';
import { type ActivationSource, openActivationSource } from './activation-source.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { HeldOutBatch } from './held-out.ts';
import { runModel, runShape } from './inputs.ts';
import { Progress } from './progress.ts';
import type { Stage, StageContext } from './stage.ts';

/** L_rec starts near 1 in standardised space; a run that is this far off will not come back. */
const divergedLoss = 100;

/** Trains the CLT of a run, resuming from its checkpoint, and stores the folded weights in clt/. */
export const train: Stage = {
  id: 'train',
  title: 'Train the transcoder',

  async run(context) {
    const { project, runId } = context;
    const dir = join(runDir(project, runId), 'clt');
    if ((await readResult(project, runId, 'train', 'training')) !== undefined && existsSync(dir)) return 'reused';
    if (context.recipe.imported) {
      throw new StrataError('NOT_FOUND', `${dir} is missing: these weights were trained elsewhere; import them again`);
    }
    const started = performance.now();
    const { stored, clip } = await runModel(context);
    const shape = runShape(context, clip);
    const source = await openActivationSource(context);
    try {
      const saved = await readCheckpoint(context, shape);
      if (saved) {
        const message = `training goes on from the checkpoint at step ${saved.state.step}`;
        context.emit({ type: 'notice', level: 'info', message });
      }
      const checkpoint = saved ?? (await firstState(context, shape, source));
      const finished = await trainFrom(context, shape, source, checkpoint);
      const weights = foldStandardisation(shape, finished.state.parameters, finished.statistics);
      await rm(dir, { recursive: true, force: true });
      await writeCltFolder(dir, stored.name, shape, weights);
    } finally {
      await source.close();
    }
    await writeResult(project, {
      runId,
      stage: 'train',
      key: 'training',
      section: { steps: context.recipe.train.steps, shape, parameters: parameterCount(shape) },
      seconds: (performance.now() - started) / 1000,
    });
    return 'done';
  },
};

async function firstState(context: StageContext, shape: CltShape, source: ActivationSource): Promise<Checkpoint> {
  const parameters = initialParameters(shape, context.recipe.seed);
  const zeros = () => new Map([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
  return {
    state: { step: 0, parameters, m: zeros(), v: zeros() },
    sinceFired: new Float32Array(shape.layers * shape.features),
    statistics: await source.statistics(),
  };
}

async function trainFrom(
  context: StageContext,
  shape: CltShape,
  source: ActivationSource,
  checkpoint: Checkpoint,
): Promise<Checkpoint> {
  const { recipe, signal } = context;
  const config = recipe.train;
  const { statistics } = checkpoint;
  const { batchTokens, steps } = config;
  const lambda = shape.sparsifier.parameters.lambda ?? 0;
  const dead = new DeadFeatures(checkpoint.sinceFired, config.deadAfterTokens);
  const heldOut = await HeldOutBatch.read(context, shape, statistics);
  const trainer = await CltTrainer.create(
    {
      shape,
      provider: recipe.provider,
      tokens: batchTokens,
      clipNorm: config.clipNorm,
      revival: { auxK: config.auxK, auxWeight: config.auxWeight, preactivationWeight: config.preactivationWeight },
    },
    checkpoint.state,
  );
  const save = async (): Promise<Checkpoint> => {
    const saved = { state: await trainer.state(), sinceFired: dead.sinceFired, statistics };
    await writeCheckpoint(context, shape, saved);
    return saved;
  };
  const rows = new Uint16Array(batchTokens * shape.layers * 2 * shape.width);
  const x = new Float32Array(rows.length / 2);
  const y = new Float32Array(rows.length / 2);
  const progress = new Progress(context, 'train', 'steps', steps, trainer.step);
  try {
    while (trainer.step < steps) {
      if (signal.aborted) await save();
      signal.throwIfAborted();
      const step = trainer.step;
      await source.read(step * batchTokens, rows);
      standardiseRows(rows, statistics, x, y);
      const learningRate = learningRateAt(config, shape.features, step);
      const weight = lambdaAt(lambda, steps, step);
      const result = await trainer.train({ x, y, learningRate, lambda: weight, dead: dead.mask() }, isSound);
      if (!isSound(result)) throw diverged(step, result);
      dead.add(result.fired, batchTokens);
      const done = trainer.step;
      progress.report(done);
      if (heldOut && (done % config.evaluateEvery === 0 || done === steps)) {
        const layers = await heldOut.measure(trainer);
        context.emit({
          type: 'training',
          step: done,
          steps,
          loss: result.loss,
          learningRate,
          tokensPerSecond: progress.perSecond(done) * batchTokens,
          secondsLeft: progress.secondsLeft(done),
          ...(lambda > 0 ? { lambda: weight } : {}),
          layers: layers.map(({ layer, r2, cosine, l0 }) => ({
            layer,
            r2,
            cosine,
            l0,
            dead: dead.share(layer, shape.layers),
          })),
        });
      }
      if (done % config.checkpointEvery === 0 && done < steps) await save();
      // Lets a cancel message in: the steps themselves never yield.
      await setImmediate();
    }
    return await save();
  } finally {
    await trainer.release();
  }
}

function isSound({ loss, reconstructionLoss, gradNorm }: StepResult): boolean {
  return Number.isFinite(loss) && Number.isFinite(gradNorm) && reconstructionLoss < divergedLoss;
}

function diverged(step: number, { loss, gradNorm }: StepResult): StrataError {
  const found = `loss ${loss.toPrecision(3)}, gradient norm ${gradNorm.toPrecision(3)}`;
  const advice = 'the last checkpoint is kept; lower train.learningRate or train longer with a larger warmupSteps';
  return new StrataError('TRAINING_DIVERGED', `training diverged at step ${step} (${found}); ${advice}`);
}
