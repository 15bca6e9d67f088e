import { useSyncExternalStore } from 'react';

/** Something that is open or not, for the whole window: whoever imports it can open it. */
export interface Toggle {
  open(): void;
  close(): void;
  toggle(): void;
  useOpened(): boolean;
}

export function createToggle(): Toggle {
  let opened = false;
  const listeners = new Set<() => void>();
  const become = (next: boolean) => {
    opened = next;
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    open: () => become(true),
    close: () => become(false),
    toggle: () => become(!opened),
    useOpened: () => useSyncExternalStore(subscribe, () => opened),
  };
}
