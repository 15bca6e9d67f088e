import type { MenuItemConstructorOptions } from 'electron';
import type { RecentProject } from '../../contract/rpc/system.ts';

export interface MenuActions {
  newProject(): void;
  openProject(): void;
  openRecent(dir: string): void;
  newWindow(): void;
  showFolder(): void;
}

export interface MenuState {
  recent: readonly RecentProject[];
  platform: NodeJS.Platform;
  /** A packaged application keeps the developer tools to itself. */
  packaged: boolean;
}

const separator = { type: 'separator' } as const;

/** The window's menus, as data. Shortcuts of the page itself (Ctrl+K, ?) are the page's. */
export function menuTemplate(actions: MenuActions, { recent, platform, packaged }: MenuState) {
  const mac = platform === 'darwin';
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      { label: 'New project…', accelerator: 'CmdOrCtrl+N', click: actions.newProject },
      { label: 'Open project…', accelerator: 'CmdOrCtrl+O', click: actions.openProject },
      {
        label: 'Open recent',
        enabled: recent.length > 0,
        submenu: recent.map(({ dir, name }) => ({
          label: `${name}  (${dir})`.replaceAll('&', '&&'),
          click: () => actions.openRecent(dir),
        })),
      },
      { label: 'Show project in its folder', click: actions.showFolder },
      separator,
      { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
      mac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      { role: 'reload' },
      ...(packaged ? [] : [{ role: 'toggleDevTools' } as const]),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
    ],
  };
  const menus: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    file,
    { role: 'editMenu' },
    view,
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ role: 'about' }] },
  ];
  return menus;
}
