import type { MessageBridge } from '../../src-main/contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by the preload; a browser that strata serve answers has none. */
    readonly strata?: MessageBridge;
  }
}
