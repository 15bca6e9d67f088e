/** What Ctrl-C does while a command works. */
export interface Interrupt {
  /** Fires at the first Ctrl-C (or termination request). */
  signal: AbortSignal;
  /** Called at the second one, before the process ends. */
  onSecond(action: () => void): void;
}

/** Exit code of a command that was stopped: 128 + SIGINT, as shells have it. */
export const interruptedExitCode = 130;

/** The first Ctrl-C asks the work to stop cleanly, the second ends the process at once. */
export function catchInterrupts(): Interrupt {
  const controller = new AbortController();
  const actions: (() => void)[] = [];
  const handle = () => {
    if (controller.signal.aborted) {
      for (const action of actions) action();
      process.exit(interruptedExitCode);
    }
    process.stderr.write('\nStopping after the present batch; press Ctrl-C again to end at once.\n');
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    onSecond: (action) => actions.push(action),
  };
}
