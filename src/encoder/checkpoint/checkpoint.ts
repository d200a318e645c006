/**
 * Checkpoints of PyTorch, and safetensors, without Python.
 *
 * The first bytes say which of three formats a file has, whatever its name. Opening reads what describes the tensors and
 * checks every one of them against the file, so that a checkpoint that opens can be read; the numbers themselves are read
 * tensor by tensor, by position. Nothing in a file is ever executed: see pickle-machine.ts and torch-classes.ts.
 */
import { pathError } from '../../core/errors.js';
import type { CheckpointContents, CheckpointFormat } from './checkpoint-contents.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import { CheckpointFile } from './checkpoint-file.js';
import { LENGTH_BYTES, readSafetensors } from './safetensors.js';
import { readElements, readFloats, type TensorInfo, type TensorView } from './tensor-view.js';
import { readTorchLegacy } from './torch-legacy.js';
import { readTorchZip } from './torch-zip.js';

export type { TensorDtype, TensorInfo } from './tensor-view.js';

export interface Checkpoint {
  readonly format: CheckpointFormat;
  /** In file order. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Names of entries that are not weights and were skipped: optimizer, args, … */
  readonly skipped: readonly string[];
  /**
   * One tensor, row by row, as 32-bit floats: 16-bit floats exactly, 64-bit floats rounded.
   *
   * @throws ERR_CHECKPOINT_UNSUPPORTED for integers, ERR_CHECKPOINT_FORMAT where there is no such tensor
   */
  readFloat32(name: string): Promise<Float32Array>;
  /**
   * One tensor of any dtype, row by row, as little-endian bytes.
   *
   * @throws ERR_CHECKPOINT_FORMAT where there is no such tensor
   */
  readBytes(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a `.pth`, `.pt` or `.safetensors` file.
 *
 * @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_CHECKPOINT_FORMAT, ERR_CHECKPOINT_UNSAFE, ERR_CHECKPOINT_UNSUPPORTED
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  return await naming(path, async () => {
    const file = await CheckpointFile.open(path);
    try {
      return new OpenCheckpoint(path, file, await readContents(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

class OpenCheckpoint implements Checkpoint {
  readonly format: CheckpointFormat;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly skipped: readonly string[];
  readonly #path: string;
  readonly #file: CheckpointFile;
  readonly #views: ReadonlyMap<string, TensorView>;

  constructor(path: string, file: CheckpointFile, { format, views, skipped }: CheckpointContents) {
    this.format = format;
    this.skipped = skipped;
    this.tensors = new Map([...views].map(([name, { info }]) => [name, info]));
    this.#path = path;
    this.#file = file;
    this.#views = views;
  }

  async readFloat32(name: string): Promise<Float32Array> {
    return await naming(this.#path, () => readFloats(this.#file, this.#view(name)));
  }

  async readBytes(name: string): Promise<Uint8Array> {
    return await naming(this.#path, () => readElements(this.#file, this.#view(name)));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #view(name: string): TensorView {
    const view = this.#views.get(name);
    if (view === undefined) throw malformed(`it holds no tensor ${name}`);
    return view;
  }
}

/** Gives every error of `work` the path and a code of ours. */
async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CheckpointFault ? error.on(path) : pathError(error, path, 'ERR_CHECKPOINT_FORMAT');
  }
}

const HEAD_BYTES = 64;
const PICKLE_PROTO = 0x80;
const BRACE = 0x7b;

async function readContents(file: CheckpointFile): Promise<CheckpointContents> {
  if (file.size === 0) throw malformed('it is empty');
  const head = await file.read(0, Math.min(file.size, HEAD_BYTES));
  const text = new TextDecoder().decode(head);
  // First, since a length may have any first bytes, those of the others included, and those never have a brace here.
  if (head[LENGTH_BYTES] === BRACE) return await readSafetensors(file);
  if (text.startsWith('PK')) return await readTorchZip(file);
  if (head[0] === PICKLE_PROTO) return await readTorchLegacy(file);
  if (text.trimStart().startsWith('<'))
    throw malformed('it is a web page, as a download from the wrong address is');
  if (text.startsWith('version https://git-lfs'))
    throw new CheckpointFault(
      'ERR_CHECKPOINT_FORMAT',
      'it is a Git LFS pointer and not the file it points to',
      'Run git lfs pull in its repository.',
    );
  throw malformed('it begins neither like a file of torch.save nor like one of safetensors');
}
