import path from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, nativeTheme, session } from 'electron';
import { Workbench } from '../rpc/workbench.ts';
import { appOrigin } from './app-files.ts';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { lockDown } from './lockdown.ts';
import { serveRpc } from './serve-rpc.ts';

// Set by `electron-vite dev` only: the development server with hot reloading.
const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
const pageOrigin = devServer ? new URL(devServer).origin : appOrigin;

app.enableSandbox();
registerAppScheme();

app.on('window-all-closed', () => app.quit());

// Not awaited: Electron is ready only once this module has been evaluated.
void app.whenReady().then(async () => {
  lockDown(session.defaultSession);
  serveApp(path.join(import.meta.dirname, '../renderer'));
  await openWindow(new Workbench(app.getVersion(), projectDir()));
});

async function openWindow(workbench: Workbench): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 960,
    minHeight: 600,
    title: 'Strata',
    // The page's own background, so that a dark window does not open white.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#242424' : '#ffffff',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  serveRpc(window.webContents, { workbench }, (address) => address.startsWith(`${pageOrigin}/`));
  await window.loadURL(devServer ?? `${appOrigin}/index.html`);
}

/** The folder given as `--project DIR`, else in STRATA_PROJECT. */
function projectDir(): string | undefined {
  const { values } = parseArgs({ args: process.argv, options: { project: { type: 'string' } }, strict: false });
  return typeof values.project === 'string' ? values.project : process.env.STRATA_PROJECT;
}
