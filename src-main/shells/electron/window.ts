import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { jobQueue } from '../../jobs/job-queue.ts';
import type { Workbench } from '../rpc/workbench.ts';
import { configFolder } from '../settings/config-folder.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { type Closing, type ClosingChoice, mayClose } from './closing.ts';
import { serveRpc } from './serve-rpc.ts';
import { placeOnScreen, smallestWindow, windowPlaceSchema } from './window-place.ts';

const lastPlace = new SettingsFile(configFolder(), 'window.json', windowPlaceSchema);

/** Windows that nobody has begun to close: quitting closes all of them, and the last one has to ask. */
const open = new Set<BrowserWindow>();

export interface WindowPage {
  /** The page to open. */
  address: string;
  /** Only pages of this origin are answered. */
  origin: string;
  /** The preload's file. */
  preload: string;
}

/** Opens a window of the workbench. */
export async function openWindow(workbench: Workbench, { address, origin, preload }: WindowPage): Promise<void> {
  const stored = await lastPlace.read();
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...placeOnScreen(open.size === 0 ? stored : undefined, areas),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Strata',
    // The page's own background, so that a dark window does not open white.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#242424' : '#ffffff',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // Its dictionaries would come over the network.
      spellcheck: false,
      // A dropped folder reaches lockDown as an address to refuse, which names a project to open.
      navigateOnDragDrop: true,
    },
  });
  if (stored?.maximized) window.maximize();
  open.add(window);
  askBeforeClosing(window, closingOf(workbench, window));
  serveRpc(window.webContents, { workbench }, (frame) => frame.startsWith(`${origin}/`));
  await window.loadURL(address);
}

/** Asks when the last window closes while jobs run; other windows just close. */
function askBeforeClosing(window: BrowserWindow, closing: Closing): void {
  let asking = false;
  window.on('closed', () => open.delete(window));
  window.on('close', (event) => {
    const { x, y, width, height } = window.getNormalBounds();
    void lastPlace.write({ x, y, width, height, maximized: window.isMaximized() });
    if (open.size > 1) {
      open.delete(window);
      return;
    }
    event.preventDefault();
    if (asking) return;
    asking = true;
    mayClose(closing)
      .then((may) => may && window.destroy())
      .catch((error: unknown) => dialog.showErrorBox('Strata', String(error)))
      .finally(() => {
        asking = false;
      });
  });
}

function closingOf(workbench: Workbench, window: BrowserWindow): Closing {
  return {
    jobs: async () => (await workbench.jobs()).map(({ job }) => job.id),
    cancel: async (id) => {
      const found = (await workbench.jobs()).find(({ job }) => job.id === id);
      if (found) await jobQueue(found.project).cancel(id);
    },
    ask: (jobs) => askInDialog(window, jobs),
  };
}

const choices: readonly { choice: ClosingChoice; label: string }[] = [
  { choice: 'keep on', label: 'Keep on' },
  { choice: 'pause', label: 'Pause' },
  { choice: 'stay', label: 'Cancel' },
];

async function askInDialog(window: BrowserWindow, jobs: number): Promise<ClosingChoice> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: jobs === 1 ? 'A run is being worked on.' : `${jobs} runs are being worked on or wait their turn.`,
    detail:
      'Keep on: the window closes, the work goes on without it and Strata ends when it is done.\n' +
      'Pause: the work stops at its next batch and can be resumed from there.',
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  });
  return choices[response]?.choice ?? 'stay';
}
