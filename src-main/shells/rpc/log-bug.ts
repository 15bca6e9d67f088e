import { ORPCError } from '@orpc/server';

/** Expected errors are shown in the window; what is left belongs in the terminal, with its stack. */
export function logBug(error: unknown): void {
  // Calls that nobody knows are answered as such, and a page that has left gave up its own.
  const known = error instanceof ORPCError && (error.defined || error.status < 500);
  if (!known && !(error instanceof Error && error.name === 'AbortError')) console.error(error);
}
