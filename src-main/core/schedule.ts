export interface ScheduleConfig {
  steps: number;
  /** Peak learning rate, or `auto`: 2e-4 / sqrt(m / 2^14) (method, section 2). */
  learningRate: number | 'auto';
  warmupSteps: number;
  /** Share of the steps, at the end, over which the learning rate falls linearly. */
  decayShare: number;
}

export function peakLearningRate(config: Pick<ScheduleConfig, 'learningRate'>, features: number): number {
  return config.learningRate === 'auto' ? 2e-4 / Math.sqrt(features / 2 ** 14) : config.learningRate;
}

/** Learning rate of step 0..steps-1: linear warm-up, plateau, linear decay over the last part. Never 0. */
export function learningRateAt(config: ScheduleConfig, features: number, step: number): number {
  const decaySteps = Math.ceil(config.steps * config.decayShare);
  const warmup = config.warmupSteps > 0 ? Math.min(1, (step + 1) / config.warmupSteps) : 1;
  const decay = decaySteps > 0 ? Math.min(1, (config.steps - step) / decaySteps) : 1;
  return peakLearningRate(config, features) * warmup * decay;
}

/** Sparsity weight of step 0..steps-1, ramping linearly from 0 to lambda over training (method, section 2). */
export function lambdaAt(lambda: number, steps: number, step: number): number {
  return (lambda * (step + 1)) / steps;
}
