import type { MessageBridge } from '../../src-main/contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly strata: MessageBridge;
  }
}
