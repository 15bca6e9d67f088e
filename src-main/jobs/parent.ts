/** The process that launched this one, whether by Node's fork or as a utility process of Electron. */

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const { parentPort } = process as { parentPort?: ParentPort };

export function tellParent(message: unknown): void {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
}

export function onParentMessage(listener: (message: unknown) => void): void {
  if (parentPort) parentPort.on('message', ({ data }) => listener(data));
  else process.on('message', listener);
}

/** The parent is gone. Electron ends its utility processes itself then. */
export function onParentGone(listener: () => void): void {
  process.on('disconnect', listener);
}
