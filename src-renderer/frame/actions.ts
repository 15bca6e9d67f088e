import { createToggle } from '../ui/toggle.ts';

/** The drawer of jobs, and the list of shortcuts. */
export const jobDrawer = createToggle();
export const shortcutList = createToggle();

interface Shortcut {
  /** As people write them; `Ctrl` is Cmd on a Mac. */
  keys: readonly string[];
  does: string;
}

/** What can be done from everywhere: by its shortcut, and in the palette. */
export interface Action extends Shortcut {
  id: string;
  /** The keys as Mantine's useHotkeys reads them. */
  hotkey: string;
  run(navigate: (to: string) => void): void;
}

export const actions: readonly Action[] = [
  {
    id: 'new-run',
    keys: ['Alt', 'N'],
    hotkey: 'alt+N',
    does: 'New run: write a recipe and start it',
    run: (navigate) => navigate('/runs/new'),
  },
  { id: 'jobs', keys: ['Ctrl', 'J'], hotkey: 'mod+J', does: 'Show or hide the jobs', run: jobDrawer.toggle },
  { id: 'shortcuts', keys: ['?'], hotkey: 'shift+?', does: 'Show or hide the shortcuts', run: shortcutList.toggle },
];

/** Every documented shortcut, by where it works. */
export const shortcuts: readonly { where: string; list: readonly Shortcut[] }[] = [
  {
    where: 'Everywhere',
    list: [{ keys: ['Ctrl', 'K'], does: 'Find a page, a run, an action' }, ...actions],
  },
  { where: 'Recipe', list: [{ keys: ['Ctrl', 'Enter'], does: 'Start the run' }] },
  {
    where: 'Training charts',
    list: [
      { keys: ['←', '→'], does: 'Read the values at the step before or after' },
      { keys: ['PgDn', 'PgUp'], does: 'Ten steps before or after' },
      { keys: ['Home', 'End'], does: 'First or last step' },
      { keys: ['+', '-'], does: 'Zoom in or out around that step' },
      { keys: ['Esc'], does: 'Show all steps' },
    ],
  },
];
