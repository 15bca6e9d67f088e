/** Names the preload finds in its page. The page sees them too, which it would not in Electron. */
export const sendName = 'standinSend';
export const receiveName = 'standinReceive';

/** A CommonJS preload as a script to run before the page's own, given the `electron` a sandboxed preload may require. */
export function preloadScript(source: string): string {
  return `(() => {
    const listeners = new Map();
    globalThis.${receiveName} = (channel, message) => {
      for (const listener of listeners.get(channel) ?? []) listener({}, message);
    };
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name, api) => Object.defineProperty(globalThis, name, { value: Object.freeze(api) }),
      },
      ipcRenderer: {
        send: (channel, message) => void globalThis.${sendName}(channel, message),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      },
    };
    const require = (name) => {
      if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name);
      return electron;
    };
    const module = { exports: {} };
    ((module, exports, require) => {${source}\n})(module, module.exports, require);
  })()`;
}
