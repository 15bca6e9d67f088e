/** A screen of the size that headless windows are made for. */
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 2560, height: 1440 } }],
};

/** Menus are taken and never shown. */
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu(): void {},
};

/** Nobody sits before it: every dialog is closed without a choice, and what it would have said goes to stderr. */
export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showMessageBox: async (_window: unknown, { cancelId = 0 }: { cancelId?: number }) => ({ response: cancelId }),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`),
};

export const shell = { showItemInFolder(): void {} };
