import { app, type Session, type WebContents } from 'electron';

/**
 * No page of the workbench needs a camera, a device, a second window or another address: all are refused. `onLeave`
 * hears of each address a page was about to be left for.
 */
export function lockDown(session: Session, onLeave: (address: string) => void): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => denyNavigation(contents, onLeave));
}

function denyNavigation(contents: WebContents, onLeave: (address: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    onLeave(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    event.preventDefault();
    onLeave(event.url);
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
