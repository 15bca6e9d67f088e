import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Frame, Page, Route } from 'playwright';
import { fromWeb, toWeb } from './browser.ts';
import { preloadScript, receiveName, sendName } from './preload-script.ts';

/** A page with the preload in it, its messages and its navigation, as Electron's webContents tells of them. */
export class WebContents extends EventEmitter {
  readonly ipc = new EventEmitter();
  private readonly page: Promise<Page>;
  private allowsWindows = true;
  private destroyed = false;

  constructor(page: Promise<Page>, preload: string) {
    super();
    this.page = page.then(async (opened) => {
      await this.prepare(opened, preload);
      return opened;
    });
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'allow' | 'deny' }): void {
    this.allowsWindows = handler({ url: 'about:blank' }).action === 'allow';
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  async send(channel: string, message: unknown): Promise<void> {
    const deliver = `globalThis.${receiveName}?.(${JSON.stringify(channel)}, ${JSON.stringify(message)})`;
    // A page that goes away meanwhile has no use for the message.
    await (await this.page).evaluate(deliver).catch(() => {});
  }

  /** As BrowserWindow.loadURL. */
  async load(address: string): Promise<void> {
    await (await this.page).goto(toWeb(address));
  }

  private async prepare(page: Page, preload: string): Promise<void> {
    await page.exposeBinding(sendName, ({ frame }, channel: string, message: unknown) => {
      this.ipc.emit(channel, { sender: this, senderFrame: frameOf(frame) }, message);
    });
    await page.addInitScript({ content: preloadScript(await readFile(preload, 'utf8')) });
    await page.route('**/*', (route) => this.onRequest(page, route));
    page.on('popup', (popup) => this.allowsWindows || popup.close());
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('close', () => {
      this.destroyed = true;
      this.emit('destroyed');
    });
  }

  /** Tells of navigation; the answer is left to the browser's own route. */
  private async onRequest(page: Page, route: Route): Promise<void> {
    const request = route.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      const byPage = page.url() !== 'about:blank' && request.url() !== page.url().split('#')[0];
      let prevented = false;
      const event = {
        url: fromWeb(request.url()),
        preventDefault: () => {
          prevented = true;
        },
      };
      if (byPage) this.emit('will-navigate', event);
      if (prevented) return route.abort('aborted');
      this.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    }
    return route.fallback();
  }
}

function frameOf(frame: Frame): { url: string; parent: unknown } {
  return { url: fromWeb(frame.url()), parent: frame.parentFrame() };
}
