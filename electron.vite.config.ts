import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const hosts = ['host', 'engine-service-host', 'probe-host', 'thumbnail-host'];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          index: path.join(root, 'src-main/shells/electron/main.ts'),
          // The processes it launches, by the names that jobs/launch.ts knows them by.
          ...Object.fromEntries(hosts.map((host) => [host, path.join(root, `src-main/jobs/${host}.ts`)])),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: path.join(root, 'src-main/shells/electron/preload.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: path.join(root, 'src-renderer'),
    plugins: [react()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      rolldownOptions: { input: { index: path.join(root, 'src-renderer/index.html') } },
    },
  },
});
