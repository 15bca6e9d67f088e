import { EventEmitter } from 'node:events';
import { onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { RpcContext } from '../rpc/answer.ts';
import { logBug } from '../rpc/log-bug.ts';
import { rpcRouter } from '../rpc/router.ts';
import { parseRpcMessage } from '../rpc/rpc-message.ts';

type Peer = Parameters<RPCHandler<RpcContext>['upgrade']>[0];

/** The socket of a page as oRPC wants it, with messages that are no calls of its client left out. */
function checked(socket: WebSocket): Peer {
  const messages = new EventEmitter();
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? undefined : data.toString();
    if (parseRpcMessage(text)) messages.emit('message', { data: text });
  });
  socket.on('close', () => messages.emit('close'));
  const peer = {
    addEventListener: (type: string, listener: (event: unknown) => void) => void messages.on(type, listener),
    // A page that has gone needs no answer.
    send: (message: string) => socket.readyState === socket.OPEN && socket.send(message),
  };
  return peer as Peer;
}

/** Answers the contract to each socket it is given. */
export function socketAnswerer(context: RpcContext): (socket: WebSocket) => void {
  const handler = new RPCHandler(rpcRouter, { interceptors: [onError(logBug)] });
  return (socket) => {
    // One that breaks, or sends too much, is closed by itself.
    socket.on('error', () => undefined);
    void handler.upgrade(checked(socket), { context });
  };
}
