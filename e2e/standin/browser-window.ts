import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions } from 'electron';
import { app } from './app.ts';
import { browserContext } from './browser.ts';
import { WebContents } from './web-contents.ts';

const openWindows = new Set<BrowserWindow>();

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...openWindows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return openWindows.values().next().value ?? null;
  }

  readonly webContents: WebContents;

  constructor({ width = 800, height = 600, webPreferences = {} }: BrowserWindowConstructorOptions) {
    super();
    const { preload, sandbox, contextIsolation, nodeIntegration } = webPreferences;
    if (!preload || !sandbox || !contextIsolation || nodeIntegration) {
      throw new Error('a window needs a preload, sandbox and contextIsolation, and no nodeIntegration');
    }
    this.webContents = new WebContents(openPage(width, height), preload);
    openWindows.add(this);
    this.webContents.on('destroyed', () => {
      openWindows.delete(this);
      this.emit('closed');
      if (openWindows.size === 0) app.emit('window-all-closed');
    });
    app.emit('web-contents-created', {}, this.webContents);
  }

  maximize(): void {}

  loadURL(address: string): Promise<void> {
    return this.webContents.load(address);
  }
}

/** The blank page the browser began with, or another one; the stand-in's windows have no frame of their own. */
async function openPage(width: number, height: number) {
  const context = await browserContext;
  const blank = context.pages().find((page) => page.url() === 'about:blank');
  const page = blank ?? (await context.newPage());
  await page.setViewportSize({ width, height });
  return page;
}
