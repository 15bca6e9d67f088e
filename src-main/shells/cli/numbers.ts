import { StrataError } from '../../contract/errors.ts';

/** An option's whole number. USAGE when it is none, or below `least`. */
export function wholeNumber(option: string, text: string, least = 0): number {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new StrataError('USAGE', `${option}: expected a whole number of at least ${least}, found ${text}`);
}

/** An option's number of at least 0. USAGE when it is none. */
export function amount(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new StrataError('USAGE', `${option}: expected a number of at least 0, found ${text}`);
}

/** A layer, with or without its L. USAGE when it is none. */
export function layerNumber(option: string, text: string): number {
  return wholeNumber(option, text.replace(/^L/i, ''));
}
