import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as MessagePortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { MessageBridge } from '../../src-main/contract/bridge.ts';
import type { rpcContract } from '../../src-main/contract/rpc/index.ts';

/** The preload's two functions as the kind of port oRPC knows. It closes with the page, which hears nothing of it. */
function bridgePort({ send, onMessage }: MessageBridge) {
  return {
    postMessage: send,
    onMessage: { addListener: onMessage },
    onDisconnect: { addListener: () => {} },
  };
}

/** Electron's window has a bridge; a page that `strata serve` gave to a browser has a socket. */
function link() {
  if (window.strata) return new MessagePortLink({ port: bridgePort(window.strata) });
  const address = new URL('/rpc', window.location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  return new WebSocketLink({ websocket: new WebSocket(address) });
}

/** Calls into the process behind the window. */
export const api: ContractRouterClient<typeof rpcContract> = createORPCClient(link());

/** What to tell the person about a failed call: an expected error speaks for itself. */
export function errorText(error: unknown): string {
  if (error instanceof ORPCError && error.defined) return error.message;
  const detail = error instanceof Error ? error.message : String(error);
  return `Something went wrong inside Strata (${detail}). The terminal it was started from says more.`;
}
