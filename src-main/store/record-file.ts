import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const lengthBytes = 4;

/**
 * An append-only file of float32 records, each behind its length in bytes (uint32, little-endian), in which a long
 * measurement keeps what it has. Every record is on disk when `append` resolves; one cut short by a kill is dropped.
 */
export class RecordFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #end = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Opens or makes the file. */
  static async open(path: string): Promise<RecordFile> {
    await mkdir(dirname(path), { recursive: true });
    return new RecordFile(path, await open(path, 'a+'));
  }

  /** The next complete record, or undefined after the last one; what follows it is cut off. */
  async next(): Promise<Float32Array | undefined> {
    const { size } = await this.#handle.stat();
    if (this.#end + lengthBytes <= size) {
      const length = (await this.#read(this.#end, lengthBytes)).readUInt32LE();
      const end = this.#end + lengthBytes + length;
      if (end <= size && length % Float32Array.BYTES_PER_ELEMENT === 0) {
        const bytes = await this.#read(this.#end + lengthBytes, length);
        this.#end = end;
        return new Float32Array(bytes.buffer, bytes.byteOffset, length / Float32Array.BYTES_PER_ELEMENT);
      }
    }
    await this.#handle.truncate(this.#end);
    return undefined;
  }

  /** Adds a record; only after `next` gave undefined. */
  async append(record: Float32Array): Promise<void> {
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(record.byteLength);
    await this.#handle.appendFile(
      Buffer.concat([length, new Uint8Array(record.buffer, record.byteOffset, record.byteLength)]),
    );
    await this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Closes the file and deletes it. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }

  async #read(position: number, length: number): Promise<Buffer> {
    // Allocated alone, so that floats may begin at its first byte.
    const buffer = Buffer.from(new ArrayBuffer(length));
    await this.#handle.read(buffer, 0, length, position);
    return buffer;
  }
}
