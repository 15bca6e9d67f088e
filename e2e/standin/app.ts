import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { browserContext } from './browser.ts';

class App extends EventEmitter {
  readonly isPackaged = false;

  async whenReady(): Promise<void> {
    await browserContext;
  }

  enableSandbox(): void {}

  /** Tests start several at once, each with a browser profile of its own. */
  requestSingleInstanceLock(): boolean {
    return true;
  }

  setAboutPanelOptions(): void {}

  getVersion(): string {
    return JSON.parse(readFileSync('package.json', 'utf8')).version;
  }

  async quit(): Promise<void> {
    this.emit('before-quit', {});
    this.emit('will-quit', {});
    await (await browserContext).close();
  }
}

export const app = new App();
