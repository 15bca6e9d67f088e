import path from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, shell as desktop, dialog, Menu, session } from 'electron';
import { z } from 'zod';
import { launchWith } from '../../jobs/launch.ts';
import { ThumbnailService } from '../../jobs/thumbnail-service.ts';
import { ProjectImages } from '../images.ts';
import { activitiesOf } from '../rpc/activities.ts';
import { Workbench } from '../rpc/workbench.ts';
import { configFolder } from '../settings/config-folder.ts';
import { RecentProjects } from '../settings/recent-projects.ts';
import { appOrigin, registerAppScheme, serveApp } from './app-protocol.ts';
import { untilIdle } from './closing.ts';
import { chooseFolder, chooseNewFolder, orShowError } from './dialogs.ts';
import { droppedProject } from './dropped-project.ts';
import { launchUtility } from './launch-utility.ts';
import { lockDown } from './lockdown.ts';
import { menuTemplate } from './menu.ts';
import { openWindow } from './window.ts';

// Set by `electron-vite dev` only: the development server with hot reloading.
const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
const page = {
  address: devServer ?? `${appOrigin}/index.html`,
  origin: devServer ? new URL(devServer).origin : appOrigin,
  preload: path.join(import.meta.dirname, '../preload/index.cjs'),
};

/** What a second start tells the first, which goes on alone. */
const startSchema = z.object({ project: z.string().optional() });

app.enableSandbox();
registerAppScheme();
launchWith(launchUtility(import.meta.dirname));

const project = projectDir();
if (app.requestSingleInstanceLock({ project } satisfies z.infer<typeof startSchema>)) start();
else app.quit();

function start(): void {
  const recent = new RecentProjects(configFolder());
  const workbench = new Workbench(app.getVersion(), project, {
    kind: 'electron',
    chooseFolder,
    recent: {
      list: () => recent.list(),
      add: async (dir) => {
        await recent.add(dir);
        await showMenu();
      },
    },
  });
  const images = new ProjectImages(() => workbench.project(), new ThumbnailService());
  const openProject = (dir: string) => orShowError(() => workbench.open(dir));
  const newWindow = () => openWindow(workbench, page);

  async function showMenu(): Promise<void> {
    const actions = {
      newProject: async () => {
        const dir = await chooseNewFolder();
        if (dir) await orShowError(() => workbench.create(dir));
      },
      openProject: async () => {
        const dir = await chooseFolder();
        if (dir) await openProject(dir);
      },
      openRecent: openProject,
      newWindow,
      showFolder: async () => {
        const open = await workbench.project().catch(() => undefined);
        if (open) desktop.showItemInFolder(open.dir);
      },
    };
    const state = { recent: await recent.list(), platform: process.platform, packaged: app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, state)));
  }

  app.on('second-instance', async (_event, _argv, _cwd, told) => {
    const { data } = startSchema.safeParse(told);
    if (data?.project) await openProject(data.project);
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return newWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && newWindow());
  app.on('window-all-closed', async () => {
    // Jobs that were to keep on need this process; a new start of Strata shows them again.
    await untilIdle({ jobs: async () => (await workbench.jobs()).map(({ job }) => job.id) });
    if (BrowserWindow.getAllWindows().length === 0) app.quit();
  });
  app.on('will-quit', () => {
    void images.close();
    activitiesOf(workbench).close();
    void workbench.close();
  });

  // Not awaited: Electron is ready only once this module has been evaluated.
  void app.whenReady().then(async () => {
    lockDown(session.defaultSession, (address) => {
      const dropped = droppedProject(address);
      if (dropped) void openProject(dropped);
    });
    serveApp({ folder: path.join(import.meta.dirname, '../renderer'), images });
    app.setAboutPanelOptions({
      applicationName: 'Strata',
      applicationVersion: app.getVersion(),
      copyright: 'MIT licence; the embedded model and images have their own notices (NOTICE.md)',
    });
    await showMenu();
    await newWindow().catch((error: unknown) => {
      dialog.showErrorBox('Strata could not open its window', String(error));
      app.quit();
    });
  });
}

/** The folder given as `--project DIR`, else in STRATA_PROJECT. */
function projectDir(): string | undefined {
  const { values } = parseArgs({ args: process.argv, options: { project: { type: 'string' } }, strict: false });
  const given = typeof values.project === 'string' ? values.project : process.env.STRATA_PROJECT;
  return given ? path.resolve(given) : undefined;
}
