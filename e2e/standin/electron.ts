// The part of Electron the workbench uses, over Playwright's Chromium. README.md in e2e/ says what it cannot show.
import { schemeHandlers } from './browser.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { dialog, Menu, screen, shell } from './desktop.ts';
export { utilityProcess } from './utility-process.ts';

/** Handlers are taken and never asked: headless Chromium itself refuses what nobody granted. */
class Session {
  setPermissionRequestHandler(): void {}
  setPermissionCheckHandler(): void {}
  setDevicePermissionHandler(): void {}
}

export const session = { defaultSession: new Session() };

export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    schemeHandlers.set(scheme, handler);
  },
};

export const nativeTheme = { shouldUseDarkColors: false };
