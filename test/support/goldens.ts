import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphName } from '#src/encoder/beit3/abilities.js';
import { recogniseArchitecture } from '#src/encoder/beit3/recognition.js';
import { graphFile } from '#src/encoder/bundle.js';
import { type Checkpoint, openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';
import { type GraphFileOptions, writeGraphFiles } from '#src/encoder/graph-files.js';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';

/** The golden models' heads are 16 channels wide; a checkpoint does not tell. */
const GOLDEN_HEADS = 4;

export interface TrialOptions extends Partial<GraphFileOptions> {
  readonly graphs: readonly GraphName[];
  readonly heads?: number;
  readonly imageSize?: number;
  readonly change?: (checkpoint: Checkpoint) => Checkpoint;
}

/** Graphs of a checkpoint, run without a tokenizer or an image reader: tensors in, tensors out. */
export class GraphTrial implements AsyncDisposable {
  readonly #folder: string;
  readonly #sessions = new SessionHost(1);

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async of(path: string, options: TrialOptions): Promise<GraphTrial> {
    const { graphs, heads = GOLDEN_HEADS, imageSize, change = (same) => same, ...others } = options;
    const folder = await mkdtemp(join(tmpdir(), 'sightline-graphs-'));
    const checkpoint = await openCheckpoint(path);
    try {
      const architecture = recogniseArchitecture(checkpoint.tensors, { heads, imageSize });
      await writeGraphFiles(change(checkpoint), folder, architecture, graphs, {
        precision: 'fp32',
        pixelInput: 'float32',
        ...others,
      });
    } finally {
      await checkpoint.close();
    }
    return new GraphTrial(folder);
  }

  run(graph: GraphName, feeds: Tensors): Promise<Tensors> {
    return this.#sessions.run(join(this.#folder, graphFile(graph)), feeds, 'query');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sessions.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Named tensors of a golden file, shaped as the graphs want them. */
export class GoldenFile {
  readonly #file: Checkpoint;

  constructor(file: Checkpoint) {
    this.#file = file;
  }

  static async open(path: string): Promise<GoldenFile> {
    return new GoldenFile(await openCheckpoint(path));
  }

  values(name: string): Promise<Float32Array> {
    return this.#file.readFloat32(name);
  }

  bytes(name: string): Promise<Uint8Array> {
    return this.#file.readBytes(name);
  }

  shape(name: string): readonly number[] {
    const tensor = this.#file.tensors.get(name);
    if (tensor === undefined) throw new Error(`The golden file has no tensor ${name}.`);
    return tensor.shape;
  }

  has(name: string): boolean {
    return this.#file.tensors.has(name);
  }

  /** [N, 3, S, S] as [N, S, S, 3]. */
  async pixels(name: string): Promise<WireTensor> {
    const [count = 0, channels = 0, height = 0, width = 0] = this.shape(name);
    const source = await this.values(name);
    const area = height * width;
    const data = new Float32Array(source.length);
    for (let n = 0; n < count; n++) {
      for (let c = 0; c < channels; c++) {
        for (let p = 0; p < area; p++)
          data[(n * area + p) * channels + c] = source[(n * channels + c) * area + p] ?? 0;
      }
    }
    return { type: 'float32', dims: [count, height, width, channels], data };
  }

  /** Ids and the mask as ONNX has it: the goldens mark padding with 1, the graphs mark tokens. */
  async text(ids: string, padding: string): Promise<Tensors> {
    const dims = this.shape(ids);
    const masked = this.has(padding)
      ? await this.int64(padding)
      : new BigInt64Array((await this.int64(ids)).length);
    return {
      input_ids: { type: 'int64', dims, data: await this.int64(ids) },
      attention_mask: { type: 'int64', dims, data: masked.map((value) => 1n - value) },
    };
  }

  async integers(name: string): Promise<WireTensor> {
    return { type: 'int64', dims: this.shape(name), data: await this.int64(name) };
  }

  /** An int64 tensor's values. */
  async int64(name: string): Promise<BigInt64Array> {
    const bytes = (await this.#file.readBytes(name)).slice();
    return new BigInt64Array(bytes.buffer);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The largest difference of two equally long lists. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values against ${expected.length}`);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    // NaN must not slip through a comparison.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
