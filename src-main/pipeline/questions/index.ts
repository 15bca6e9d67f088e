import { classifyImages } from './classify-images.ts';
import { edgeFeatures } from './edge-features.ts';
import { predictImage } from './predict-image.ts';
import { probeRun } from './probe-run.ts';
import { listFigures, renderFigure, writeBasket } from './render-figures.ts';

/**
 * What a window asks the engine and wants answered at once, unlike a stage of a run. Each is one file and one entry here:
 * a function of (project, input, signal) whose input and answer survive a structured clone.
 */
export const questions = {
  predictImage,
  classifyImages,
  probeRun,
  edgeFeatures,
  listFigures,
  renderFigure,
  writeBasket,
} as const;

export type Questions = typeof questions;
