/**
 * Errors a user can act on. Everything else that is thrown is a bug and keeps its stack trace.
 * A message says what happened, to which file, and what to do next, in one line.
 */
export const errorCodes = [
  'MODEL_INVALID',
  'DATASET_INVALID',
  'IMAGE_INVALID',
  'FILE_INVALID',
  'RECIPE_INVALID',
  'PROJECT_INVALID',
  'PROJECT_TOO_NEW',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'DISK_BUDGET',
  'DISK_FULL',
  'PROVIDER_UNAVAILABLE',
  'TRAINING_DIVERGED',
  'JOB_FAILED',
  'USAGE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class StrataError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StrataError';
    this.code = code;
  }
}

/** Narrows an unknown thrown value; also true for errors revived from another process. */
export function isStrataError(error: unknown): error is StrataError {
  return error instanceof Error && error.name === 'StrataError' && 'code' in error;
}
