import cliProgress, { type SingleBar } from 'cli-progress';
import type { JobEvent, TrainingEvent } from '../../contract/events.ts';
import { duration, grouped, percent, significant } from './format.ts';

/** Shows events as they come. */
export interface ProgressView {
  show(event: JobEvent): void;
  close(): void;
}

const plainIntervalMs = 5000;

/**
 * How a command shows its progress: bars on a terminal, lines elsewhere. With --json every event is one line of JSON
 * on stdout. Where a command carries out several runs, `run` names the one: in a key `run`, or before every line.
 */
export function progressView(json: boolean, run?: { id: string; label: string }): ProgressView {
  if (json) {
    const named = run && { run: run.id };
    return {
      show: (event) => process.stdout.write(`${JSON.stringify({ ...named, ...event })}\n`),
      close: () => undefined,
    };
  }
  const prefix = run ? `${run.label} ` : '';
  return process.stdout.isTTY ? barView(prefix) : lineView(prefix);
}

function lineView(prefix: string): ProgressView {
  let printed = { stage: '', time: 0 };
  return {
    show(event) {
      if (event.type === 'progress') {
        const now = performance.now();
        const early = event.stage === printed.stage && now - printed.time < plainIntervalMs;
        if (early && event.done < event.total) return;
        printed = { stage: event.stage, time: now };
      }
      process.stdout.write(`${prefix}${describe(event)}\n`);
    },
    close: () => undefined,
  };
}

function barView(prefix: string): ProgressView {
  let bar: { stage: string; view: SingleBar } | undefined;
  const stop = () => {
    bar?.view.stop();
    bar = undefined;
  };
  const update = (stage: string, done: number, total: number, note: string) => {
    if (bar?.stage !== stage) {
      stop();
      const view = new cliProgress.SingleBar(
        {
          format: `${prefix}{stage} {bar} {percentage} %  {note}`,
          hideCursor: true,
          clearOnComplete: true,
          barsize: 30,
        },
        cliProgress.Presets.shades_classic,
      );
      view.start(total, done, { stage: stage.padEnd(8), note });
      bar = { stage, view };
    } else {
      bar.view.update(done, { stage: stage.padEnd(8), note });
    }
  };
  return {
    show(event) {
      if (event.type === 'progress') {
        update(event.stage, event.done, event.total, pace(event));
      } else {
        stop();
        process.stdout.write(`${prefix}${describe(event)}\n`);
      }
    },
    close: stop,
  };
}

function describe(event: JobEvent): string {
  switch (event.type) {
    case 'stage': {
      const time = event.seconds === undefined ? '' : `  ${duration(event.seconds)}`;
      if (event.state === 'started') return `${event.stage}: started`;
      return event.state === 'reused' ? `${event.stage}: done before, reused` : `${event.stage}: finished${time}`;
    }
    case 'progress':
      return `${event.stage}: ${grouped(event.done)} of ${grouped(event.total)} ${event.unit}  ${pace(event)}`;
    case 'training':
      return describeTraining(event);
    case 'notice':
      return event.level === 'warning' ? `warning: ${event.message}` : event.message;
  }
}

function pace(event: Extract<JobEvent, { type: 'progress' }>): string {
  const speed = event.perSecond < 10 ? event.perSecond.toFixed(1) : grouped(event.perSecond);
  return `${speed} ${event.unit}/s  ${duration(event.secondsLeft)} left`;
}

/** The means over the layers; the layers one by one are in the events. */
function describeTraining(event: TrainingEvent): string {
  const mean = (key: 'r2' | 'cosine' | 'l0' | 'dead') =>
    event.layers.reduce((sum, layer) => sum + layer[key], 0) / event.layers.length;
  return [
    `train: step ${event.step} of ${event.steps}`,
    `loss ${significant(event.loss)}`,
    `R2 ${mean('r2').toFixed(3)}`,
    `cosine ${mean('cosine').toFixed(3)}`,
    `L0 ${mean('l0').toFixed(1)}`,
    `dead ${percent(mean('dead'))}`,
    ...(event.lambda === undefined ? [] : [`lambda ${significant(event.lambda)}`]),
    `learning rate ${significant(event.learningRate)}`,
    `${grouped(event.tokensPerSecond)} tokens/s`,
    `${duration(event.secondsLeft)} left`,
  ].join('  ');
}
