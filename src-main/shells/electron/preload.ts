import { contextBridge, ipcRenderer } from 'electron';
import { type MessageBridge, rpcChannel } from '../../contract/bridge.ts';

const bridge: MessageBridge = {
  send: (message) => ipcRenderer.send(rpcChannel, message),
  onMessage: (listener) => {
    ipcRenderer.on(rpcChannel, (_event, message: string) => listener(message));
  },
};

contextBridge.exposeInMainWorld('strata', bridge);
