import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file's content in lower-case hex, read as a stream. Rejects with an AbortError once `signal` fires. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20, signal })) hash.update(piece);
  return hash.digest('hex');
}
