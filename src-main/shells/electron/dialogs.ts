import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

/** The window a dialog belongs to: the one a person works in. */
function inFront(): BrowserWindow | undefined {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
}

/** An existing folder; null when none was chosen. */
export async function chooseFolder(): Promise<string | null> {
  const options: OpenDialogOptions = { properties: ['openDirectory', 'createDirectory'] };
  const window = inFront();
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return filePaths[0] ?? null;
}

/** Where a new project's folder is to be made; null when nothing was chosen. */
export async function chooseNewFolder(): Promise<string | null> {
  const options = { title: 'New project', buttonLabel: 'Make project', nameFieldLabel: 'Folder:' };
  const window = inFront();
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  return canceled || !filePath ? null : filePath;
}

/** For what a menu starts: its failure has no page to be shown on. */
export async function orShowError(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    dialog.showErrorBox('Strata', error instanceof Error ? error.message : String(error));
  }
}
