import { predictImage } from './predict-image.ts';

/**
 * What a window asks the engine and wants answered at once, unlike a stage of a run. Each is one file and one entry here:
 * a function of (project, input, signal) whose input and answer survive a structured clone.
 */
export const questions = {
  predictImage,
} as const;

export type Questions = typeof questions;
