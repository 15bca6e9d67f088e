// Starts a built main entry as Electron would: node run.ts out/main/index.js [arguments]
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const standin = pathToFileURL(path.join(import.meta.dirname, 'electron.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standin, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

const { becomeReady } = await import('./browser.ts');
process.argv.splice(1, 1);
// Like Electron, ready comes after the entry has been evaluated: one that awaits it would never end.
await import(pathToFileURL(path.resolve(process.argv[1])).href);
await becomeReady();
