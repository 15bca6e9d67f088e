import { isStrataError } from '../contract/errors.ts';
import { type ImagePlace, imagePlace } from '../store/image-place.ts';
import type { Project } from '../store/project-folder.ts';
import { BoundedCache } from './bounded-cache.ts';

const smallest = 16;
const largest = 2048;
const unlessGiven = 1024;

/** Decoded at a time, so that a gallery leaves threads to the rest of the process. */
const decodersAtOnce = 2;

/** Who draws: this process, or one of its own. */
export interface Drawer {
  draw(place: ImagePlace, size: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

interface ImageRequest {
  url: string;
  headers: Headers;
  signal?: AbortSignal;
}

/**
 * Answers `/image/DATASET/INDEX?size=N` with an image of the open project, WebP, its longer side at most N pixels
 * (16 to 2048; 1024 unless given), never enlarged. 400 for a malformed address, 404 for anything the project does not
 * have. With `&v=`, at least eight digits of the image's or data set's sha256, the answer may be kept for good; without,
 * it is asked for again and answered 304: another project may use the same address for another image.
 */
export class ProjectImages {
  readonly #open: () => Promise<Project | undefined>;
  readonly #cache: BoundedCache;
  readonly #drawer: Drawer;
  readonly #waiting: (() => void)[] = [];
  #decoding = 0;

  /** open: the project to take images from, asked anew for every image. */
  constructor(open: () => Promise<Project | undefined>, drawer: Drawer, cacheBytes = 64 << 20) {
    this.#open = open;
    this.#drawer = drawer;
    this.#cache = new BoundedCache(cacheBytes);
  }

  async respond({ url, headers, signal }: ImageRequest): Promise<Response> {
    const wanted = parseAddress(new URL(url));
    if (!wanted) return refuse(400);
    const project = await this.#open().catch(() => undefined);
    const place = project && (await imagePlace(project, wanted.dataset, wanted.index));
    if (!place) return refuse(404);

    const etag = `"${place.sha256}-${wanted.size}"`;
    const known = [place.sha256, place.datasetSha256].some((sha256) => sha256.startsWith(wanted.version));
    const described = {
      etag,
      'cache-control': known ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    };
    if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: described });

    const bytes = this.#cache.get(etag) ?? (await this.#draw(place, wanted.size, signal));
    if (!bytes) return refuse(404);
    this.#cache.set(etag, bytes);
    return new Response(bytes, {
      headers: {
        ...described,
        'content-type': 'image/webp',
        'content-length': String(bytes.byteLength),
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      },
    });
  }

  close(): Promise<void> {
    return this.#drawer.close();
  }

  /** Undefined when the image is no longer where it was, or nobody waits for it any more. */
  async #draw(place: ImagePlace, size: number, signal?: AbortSignal) {
    await this.#turn();
    try {
      if (signal?.aborted) return undefined;
      return await this.#drawer.draw(place, size);
    } catch (error) {
      if (isStrataError(error)) return undefined;
      throw error;
    } finally {
      this.#decoding -= 1;
      // The newest first: in a gallery that is scrolled through, the eldest have left the screen.
      this.#waiting.pop()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#decoding >= decodersAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#decoding += 1;
  }
}

function parseAddress({ pathname, searchParams }: URL) {
  const [, encoded, index] = /^\/image\/([^/]+)\/(\d{1,9})$/.exec(pathname) ?? [];
  const size = searchParams.get('size') ?? String(unlessGiven);
  const version = searchParams.get('v') ?? '-';
  if (encoded === undefined || !/^\d{1,4}$/.test(size) || !/^(-|[0-9a-f]{8,64})$/.test(version)) return undefined;
  if (Number(size) < smallest || Number(size) > largest) return undefined;
  try {
    return { dataset: decodeURIComponent(encoded), index: Number(index), size: Number(size), version };
  } catch {
    return undefined;
  }
}

function refuse(status: 400 | 404): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store' } });
}
