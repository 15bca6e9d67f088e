import { type ErrorCode, StrataError } from '../contract/errors.ts';
import type { ImagePlace } from '../store/image-place.ts';
import { type Launched, launch } from './launch.ts';

export interface ThumbnailRequest {
  id: number;
  place: ImagePlace;
  size: number;
}

export interface ThumbnailReply {
  id: number;
  bytes?: Uint8Array<ArrayBuffer>;
  error?: { code: ErrorCode; message: string };
}

type Waiting = PromiseWithResolvers<Uint8Array<ArrayBuffer>>;

/**
 * Thumbnails drawn by a process of their own, for a shell that decoding images could take down: on Linux, libvips and
 * the libraries of Electron's windows bring two versions of GLib into one process. It starts with the first image, and
 * anew after a crash, which costs the images under way.
 */
export class ThumbnailService {
  #child: Launched | undefined;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** As `Thumbnails.draw`; JOB_FAILED when the process dies over it. */
  draw(place: ImagePlace, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const id = ++this.#lastId;
    const waiting: Waiting = Promise.withResolvers();
    this.#child ??= this.#start();
    this.#waiting.set(id, waiting);
    this.#child.send({ id, place, size } satisfies ThumbnailRequest);
    return waiting.promise;
  }

  async close(): Promise<void> {
    this.#child?.kill();
  }

  #start(): Launched {
    const child = launch('thumbnail-host', { output: 'errors' });
    const waiting = new Map<number, Waiting>();
    this.#waiting = waiting;
    child.onMessage((message) => {
      const { id, bytes, error } = message as ThumbnailReply;
      const asked = waiting.get(id);
      waiting.delete(id);
      if (bytes) asked?.resolve(bytes);
      else asked?.reject(new StrataError(error?.code ?? 'JOB_FAILED', error?.message ?? 'no thumbnail'));
    });
    void child.ended.then((how) => {
      if (this.#child === child) this.#child = undefined;
      for (const { reject } of waiting.values()) {
        reject(new StrataError('JOB_FAILED', `the process that draws thumbnails ${how}`));
      }
    });
    return child;
  }
}
