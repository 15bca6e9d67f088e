import { CommanderError } from 'commander';
import { isStrataError } from '../../contract/errors.ts';
import { Stopped } from './carry-out.ts';
import { interruptedExitCode } from './interrupt.ts';
import { buildProgram } from './program.ts';

const usageExitCode = 2;

/** Says on stderr what went wrong, in one line for people, and with --json as a document too. Gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its line, or the help that was asked for.
    if (error.exitCode !== 0) reportJson('USAGE', error.message.replace(/^error: /, ''));
    return error.exitCode === 0 ? 0 : usageExitCode;
  }
  const { code, message, exitCode } = failureOf(error);
  if (process.env.STRATA_DEBUG) console.error(error);
  process.stderr.write(`strata: ${message}\n`);
  reportJson(code, message);
  return exitCode;
}

function failureOf(error: unknown): { code: string; message: string; exitCode: number } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Stopped) return { code: 'CANCELLED', message, exitCode: interruptedExitCode };
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      code: 'CANCELLED',
      message: 'stopped; give the same command again to go on',
      exitCode: interruptedExitCode,
    };
  }
  if (isStrataError(error)) return { code: error.code, message, exitCode: error.code === 'USAGE' ? usageExitCode : 1 };
  return { code: 'BUG', message: `this should not happen: ${message} (STRATA_DEBUG=1 shows where)`, exitCode: 1 };
}

function reportJson(code: string, message: string): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
}

// A reader that has seen enough (`strata list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
