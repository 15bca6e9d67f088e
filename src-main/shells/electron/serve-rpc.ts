import { EventEmitter } from 'node:events';
import { onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { WebContents, WebFrameMain } from 'electron';
import { rpcChannel } from '../../contract/bridge.ts';
import type { RpcContext } from '../rpc/answer.ts';
import { logBug } from '../rpc/log-bug.ts';
import { rpcRouter } from '../rpc/router.ts';
import { parseRpcMessage } from '../rpc/rpc-message.ts';

/** One load of a page, as the message port that oRPC talks to. */
class PagePort extends EventEmitter {
  private readonly contents: WebContents;
  private open = true;

  constructor(contents: WebContents) {
    super();
    this.contents = contents;
  }

  postMessage(message: unknown): void {
    if (this.open && !this.contents.isDestroyed()) this.contents.send(rpcChannel, message);
  }

  close(): void {
    this.open = false;
    this.emit('close');
  }
}

/** Answers the contract to the top frame of a window, as long as that frame shows a page `isOurs` accepts. */
export function serveRpc(contents: WebContents, context: RpcContext, isOurs: (address: string) => boolean): void {
  const handler = new RPCHandler(rpcRouter, { interceptors: [onError(logBug)] });
  const connect = () => {
    const port = new PagePort(contents);
    handler.upgrade(port, { context });
    return port;
  };
  let port = connect();
  const reconnect = () => {
    port.close();
    port = connect();
  };
  // A reloaded page counts its requests from the start again: answers to the page before must not reach it.
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) reconnect();
  });
  contents.on('render-process-gone', reconnect);
  contents.on('destroyed', () => port.close());

  const isTrusted = (frame: WebFrameMain | null) => frame !== null && frame.parent === null && isOurs(frame.url);
  contents.ipc.on(rpcChannel, (event, raw: unknown) => {
    const message = isTrusted(event.senderFrame) ? parseRpcMessage(raw) : undefined;
    if (message) port.emit('message', { data: message });
  });
}
