/**
 * Memory that files are read into, lent for as long as a file is looked at. Without it every photo is a fresh array of
 * megabytes, and V8 marks its whole heap again after each 64 of them: a tenth of the processor time of an ingest.
 */

/** A buffer is lent for files of down to a fraction of its size, so sizes are rounded up to whole ones. */
const STEP = 1024 * 1024;
/** Larger files are rare; their memory is not kept. */
const LARGEST = 16 * STEP;

export class ReadBuffers {
  readonly #most: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param most buffers that are kept while nobody needs them */
  constructor(most: number) {
    this.#most = most;
  }

  /** What was in it before is still there. */
  lend(size: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= size);
    const [buffer] = at < 0 ? [] : this.#free.splice(at, 1);
    return new Uint8Array(buffer ?? new ArrayBuffer(Math.ceil(size / STEP) * STEP), 0, size);
  }

  /** Nobody may look at it any more. */
  takeBack({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength > LARGEST) return;
    this.#free.push(buffer);
    // The smallest first: a file takes the smallest that it fits in, and the smallest goes where there are too many.
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
    if (this.#free.length > this.#most) this.#free.shift();
  }
}
