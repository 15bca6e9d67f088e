import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { type MenuActions, menuTemplate } from './menu.ts';

function menus(state: Partial<Parameters<typeof menuTemplate>[1]> = {}) {
  const called: string[] = [];
  const actions: MenuActions = {
    newProject: () => called.push('new'),
    openProject: () => called.push('open'),
    openRecent: (dir) => called.push(dir),
    newWindow: () => called.push('window'),
    showFolder: () => called.push('folder'),
  };
  const template = menuTemplate(actions, { recent: [], platform: 'linux', packaged: true, ...state });
  const items = (menu: MenuItemConstructorOptions): MenuItemConstructorOptions[] =>
    Array.isArray(menu.submenu) ? menu.submenu.flatMap((item) => [item, ...items(item)]) : [];
  return { called, template, all: template.flatMap(items) };
}

const click = (item: MenuItemConstructorOptions | undefined) => (item?.click as (() => void) | undefined)?.();

test('developer tools are there only where the application is not packaged', () => {
  const roles = (packaged: boolean) => menus({ packaged }).all.map(({ role }) => role);
  expect(roles(true)).not.toContain('toggleDevTools');
  expect(roles(false)).toContain('toggleDevTools');
  expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'zoomIn', 'zoomOut', 'resetZoom', 'about', 'quit']));
});

test('macOS has its own first menu and closes instead of quitting', () => {
  const { template, all } = menus({ platform: 'darwin' });
  expect(template[0].role).toBe('appMenu');
  expect(all.map(({ role }) => role)).toContain('close');
});

test('recent projects are listed and opened', () => {
  const recent = ['/a/one', '/b/two & more'].map((dir) => ({ dir, name: dir.slice(3), openedAt: '' }));
  const { all, called } = menus({ recent });
  const item = all.find(({ label }) => label === 'two && more  (/b/two && more)');
  click(item);
  expect(called).toEqual(['/b/two & more']);
  expect(menus().all.find(({ label }) => label === 'Open recent')).toMatchObject({ enabled: false });
});

test('every item does something, and no two have the same keys', () => {
  const { all, called } = menus({ packaged: false });
  const own = all.filter(({ role, type, submenu }) => !role && !submenu && type !== 'separator');
  own.forEach(click);
  expect(called.toSorted()).toEqual(['folder', 'new', 'open', 'window']);
  const keys = all.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []));
  expect(new Set(keys).size).toBe(keys.length);
});
