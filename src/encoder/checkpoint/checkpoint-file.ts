import { type FileHandle, open } from 'node:fs/promises';
import { CheckpointFault, malformed } from './checkpoint-fault.js';

/** Where something lies in a file, in bytes. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** What is read at once where little is asked for. */
const BLOCK_BYTES = 1 << 14;

/** A file read by position. Nothing is allocated for a read before it is known to fit. */
export class CheckpointFile {
  readonly size: number;
  readonly #handle: FileHandle;
  #block: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  static async open(path: string): Promise<CheckpointFile> {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat();
      if (!stats.isFile())
        throw new CheckpointFault(
          'ERR_CHECKPOINT_FORMAT',
          'it is not a file',
          'Name the .pth or .safetensors file itself.',
        );
      return new CheckpointFile(handle, stats.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** A fresh buffer with exactly these bytes. */
  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < 0 || length < 0 || start + length > this.size)
      throw malformed(`bytes ${start} to ${start + length} are needed, but it ends at ${this.size}`);
    const buffer = new Uint8Array(length);
    let filled = 0;
    // One call to the system returns at most 2 GiB.
    while (filled < length) {
      const chunk = Math.min(length - filled, 1 << 30);
      const { bytesRead } = await this.#handle.read(buffer, filled, chunk, start + filled);
      if (bytesRead === 0) throw malformed('it became shorter while it was read');
      filled += bytesRead;
    }
    return buffer;
  }

  /** The same for headers that follow one another closely: a block is read ahead, and what is returned is a part of it. */
  async readAhead(start: number, length: number): Promise<Buffer> {
    const offset = start - this.#block.start;
    if (offset >= 0 && offset + length <= this.#block.bytes.length)
      return this.#block.bytes.subarray(offset, offset + length);
    const size = Math.max(length, Math.min(BLOCK_BYTES, this.size - start));
    this.#block = { start, bytes: Buffer.from((await this.read(start, size)).buffer) };
    return this.#block.bytes.subarray(0, length);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
