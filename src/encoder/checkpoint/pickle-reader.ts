import { malformed } from './checkpoint-fault.js';

/** Random generators keep integers of 16 bytes. */
const MAX_INTEGER_BYTES = 64;
const MAX_LINE_BYTES = 1024;
const NEWLINE = 0x0a;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The arguments of a pickle's opcodes, one after the other. What does not fit into the bytes that are left is a fault. */
export class PickleReader {
  /** Bytes in all. */
  readonly size: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.size = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  uint(width: 1 | 2 | 4): number {
    const at = this.#skip(width);
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** A count of bytes. Of 8 bytes it may be rounded, but only where it is too large in any case. */
  length(width: 1 | 4 | 8): number {
    return width === 8 ? Number(this.#view.getBigUint64(this.#skip(8), true)) : this.uint(width);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** Big-endian, alone among the numbers of a pickle. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** A little-endian two's complement integer of this many bytes; a bigint where a number cannot hold it. */
  integer(width: number): number | bigint {
    if (width > MAX_INTEGER_BYTES) throw malformed(`its pickle has an integer of ${width} bytes`);
    const at = this.#skip(width);
    let value = 0n;
    for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#view.getUint8(at + i));
    value = BigInt.asIntN(8 * width, value);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  text(length: number): string {
    return utf8.decode(this.slice(length));
  }

  /** Text up to a newline, which is passed over. */
  line(): string {
    const end = this.#bytes.subarray(0, this.#at + MAX_LINE_BYTES).indexOf(NEWLINE, this.#at);
    if (end < 0) throw malformed('its pickle names a class without an end');
    const line = this.text(end - this.#at);
    this.#skip(1);
    return line;
  }

  slice(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  checkLeft(length: number): void {
    const left = this.size - this.#at;
    if (length > left)
      throw malformed(`its pickle asks for ${length} bytes where ${left} are left; it is cut off or damaged`);
  }

  /** Moves on and returns where it was. */
  #skip(length: number): number {
    this.checkLeft(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
