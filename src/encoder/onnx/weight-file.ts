import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { DATA_TYPE, EXTERNAL, type OnnxType } from './onnx-schema.js';

/**
 * `weights.bin`: every tensor of a bundle, once, one after the other. The graphs refer to them by offset (ONNX external
 * data), so that the fused graph costs no second copy of the two towers. Tensors are written as they come and are never
 * all in memory.
 */
export interface StoredTensor {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Cache lines, and every SIMD width; a page would waste megabytes on the many small tensors. */
const ALIGNMENT = 64;

export class WeightFile {
  readonly #file: FileHandle;
  readonly #tensors = new Map<string, StoredTensor>();
  readonly #hash: Hash = createHash('sha256');
  readonly #signal: AbortSignal | undefined;
  #end = 0;

  private constructor(file: FileHandle, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#signal = signal;
  }

  /** Once `signal` fires, nothing more can be added. */
  static async create(path: string, signal?: AbortSignal): Promise<WeightFile> {
    return new WeightFile(await open(path, 'wx'), signal);
  }

  get bytes(): number {
    return this.#end;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  get(name: string): StoredTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined)
      throw new RangeError(`Expected the weight ${name} to be written before a graph uses it.`);
    return tensor;
  }

  async add(name: string, type: OnnxType, shape: readonly number[], data: ArrayBufferView): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#tensors.has(name))
      throw new RangeError(`Expected a new weight but ${name} is already written.`);
    const padding = (ALIGNMENT - (this.#end % ALIGNMENT)) % ALIGNMENT;
    await this.#append(new Uint8Array(padding));
    const offset = this.#end;
    await this.#append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#tensors.set(name, { type, shape, offset, length: data.byteLength });
  }

  /** Flushes to disk and returns the SHA-256 of the whole, in hex. */
  async finish(): Promise<string> {
    await this.#file.sync();
    await this.#file.close();
    return this.#hash.digest('hex');
  }

  /** Releases the handle after a failure; harmless after `finish`. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#end + done);
      done += bytesWritten;
    }
    this.#end += bytes.length;
  }
}

/** The reference to a stored tensor, as an initializer of a graph. */
export function externalInitializer(
  name: string,
  tensor: StoredTensor,
  file: string,
): Record<string, unknown> {
  return {
    name,
    dims: tensor.shape,
    dataType: DATA_TYPE[tensor.type],
    dataLocation: EXTERNAL,
    externalData: [
      { key: 'location', value: file },
      { key: 'offset', value: String(tensor.offset) },
      { key: 'length', value: String(tensor.length) },
    ],
  };
}
