/**
 * Rows of float32 in a `.npy` file of version 1.0, as NumPy reads them: a magic word, a header of a multiple of 64 bytes
 * that is a Python dictionary, then the numbers, little-endian, row by row.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { SightlineError } from '../../core/errors.js';

const MAGIC: Buffer = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const ALIGNMENT = 64;
const LENGTH_BYTES = 2;
const BEFORE_HEADER = 10;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** What stands before the numbers of a table of this shape. */
export function npyHeader(rows: number, columns: number): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const total = Math.ceil((BEFORE_HEADER + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const text = `${dictionary.padEnd(total - BEFORE_HEADER - 1)}\n`;
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16LE(text.length);
  return Buffer.concat([MAGIC, length, Buffer.from(text, 'latin1')]);
}

/** Reads rows by their number. */
export class NpyFile implements AsyncDisposable {
  readonly rows: number;
  readonly columns: number;
  readonly #file: FileHandle;
  readonly #start: number;

  private constructor(file: FileHandle, rows: number, columns: number, start: number) {
    this.#file = file;
    this.rows = rows;
    this.columns = columns;
    this.#start = start;
  }

  /** @throws ERR_DATASET_INVALID */
  static async open(path: string): Promise<NpyFile> {
    const file = await open(path, 'r');
    const { buffer: head } = await file.read(Buffer.alloc(BEFORE_HEADER), 0, BEFORE_HEADER, 0);
    const length = head.readUInt16LE(MAGIC.length);
    const { buffer: text } = await file.read(Buffer.alloc(length), 0, length, BEFORE_HEADER);
    const shape = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(
      text.toString('latin1'),
    );
    const [rows, columns] = [Number(shape?.[1]), Number(shape?.[2])];
    const { size } = await file.stat();
    const start = BEFORE_HEADER + length;
    if (head.subarray(0, MAGIC.length).equals(MAGIC) && size === start + rows * columns * FLOAT_BYTES)
      return new NpyFile(file, rows, columns, start);
    await file.close();
    const message = `Expected ${path} to hold rows of float32 as NumPy writes them, to the end. Export the library again.`;
    throw new SightlineError('ERR_DATASET_INVALID', message, { details: { path } });
  }

  /** Rows `from` to `from + count` − 1. */
  async read(from: number, count: number): Promise<Float32Array[]> {
    const rowBytes = this.columns * FLOAT_BYTES;
    const bytes = new Uint8Array(count * rowBytes);
    await this.#file.read(bytes, 0, bytes.length, this.#start + from * rowBytes);
    return Array.from(
      { length: count },
      (_, row) => new Float32Array(bytes.buffer, row * rowBytes, this.columns),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
