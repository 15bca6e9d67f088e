import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProject } from '../../store/project.ts';

/** The project behind an address the window was sent to, as happens when its folder is dropped there. */
export function droppedProject(address: string): string | undefined {
  if (URL.parse(address)?.protocol !== 'file:') return undefined;
  try {
    const dropped = fileURLToPath(address);
    return [dropped, path.dirname(dropped)].find(isProject);
  } catch {
    // An address of another machine's, or one that no file can have.
    return undefined;
  }
}
