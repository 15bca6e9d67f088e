/** The one channel between a window and the process behind it. */
export const rpcChannel = 'strata:rpc';

/** What the preload gives the page, as `window.strata`: two functions that carry encoded RPC messages. */
export interface MessageBridge {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
}
