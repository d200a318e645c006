import type { CheckpointFile, Span } from './checkpoint-file.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import { fromBfloat16, fromFloat16 } from './half-float.js';

export type TensorDtype =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool';

export interface TensorInfo {
  readonly name: string;
  readonly dtype: TensorDtype;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
}

/** How a tensor lies in its storage. Offset and strides count elements. */
export interface Layout {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor that is known to fit into its file. */
export interface TensorView {
  readonly info: TensorInfo;
  readonly strides: readonly number[];
  /** The bytes from its first element to its last; other tensors may lie between. */
  readonly span: Span;
}

const WIDTHS: Readonly<Record<TensorDtype, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Axes of a tensor. */
export const MAX_RANK = 32;

/** Bytes of one element. */
export function elementWidth(dtype: TensorDtype): number {
  return WIDTHS[dtype];
}

/** Elements in a tensor of this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Strides of a tensor whose elements follow one another row by row. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--)
    strides[i] = (strides[i + 1] as number) * Math.max(1, shape[i + 1] as number);
  return strides;
}

/**
 * Places a tensor in `storage`, the part of the file that holds its elements.
 *
 * @throws CheckpointFault where the layout is impossible or reaches beyond the storage
 */
export function placeTensor(name: string, dtype: TensorDtype, layout: Layout, storage: Span): TensorView {
  const { offset, shape, strides } = layout;
  const natural = [offset, ...shape, ...strides].every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!natural || strides.length !== shape.length || shape.length > MAX_RANK)
    throw malformed(
      `the tensor ${name} has the impossible shape [${shape.join(', ')}] with strides [${strides.join(', ')}] at ${offset}`,
    );

  const width = WIDTHS[dtype];
  const count = elementCount(shape);
  const reach = shape.reduce((sum, size, i) => sum + (size - 1) * (strides[i] as number), 1);
  const extent = count === 0 ? 0 : reach;
  const available = Math.floor(storage.length / width);
  if (offset + extent > available)
    throw malformed(
      `the tensor ${name} needs ${offset + extent} elements of its storage, which holds ${available}`,
    );
  // Only overlapping elements make a tensor larger than its storage; a few bytes could then ask for any amount of memory.
  if (count > available)
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `the tensor ${name} repeats elements of a smaller storage`,
      'Call .contiguous() on it in PyTorch, save the state_dict() and import that.',
    );
  const span = { start: storage.start + offset * width, length: extent * width };
  return { info: { name, dtype, shape }, strides, span };
}

/** The elements row by row, as little-endian bytes. */
export async function readElements(
  file: CheckpointFile,
  { info, strides, span }: TensorView,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await file.read(span.start, span.length);
  const count = elementCount(info.shape);
  const contiguous = contiguousStrides(info.shape);
  const inOrder = info.shape.every((size, i) => size === 1 || strides[i] === contiguous[i]);
  return count === 0 || inOrder ? bytes : gather(bytes, info.shape, strides, WIDTHS[info.dtype]);
}

/** The elements row by row, as 32-bit floats: 16-bit floats exactly, 64-bit floats rounded. */
export async function readFloats(file: CheckpointFile, view: TensorView): Promise<Float32Array> {
  const { name, dtype } = view.info;
  const convert = FROM_BYTES[dtype];
  if (convert === undefined)
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `the tensor ${name} holds ${dtype} where floating-point weights are expected`,
      'Import a checkpoint that was not quantised.',
    );
  return convert((await readElements(file, view)).buffer);
}

const FROM_BYTES: Readonly<Partial<Record<TensorDtype, (buffer: ArrayBuffer) => Float32Array>>> = {
  float32: (buffer) => new Float32Array(buffer),
  float16: (buffer) => fromFloat16(new Uint16Array(buffer)),
  bfloat16: (buffer) => fromBfloat16(new Uint16Array(buffer)),
  float64: (buffer) => Float32Array.from(new Float64Array(buffer)),
};

/** Copies elements of `width` bytes into row-by-row order. */
function gather(
  source: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  width: number,
): Uint8Array<ArrayBuffer> {
  const gathered = new Uint8Array(elementCount(shape) * width);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < gathered.length; to += width) {
    for (let i = 0; i < width; i++) gathered[to + i] = source[from * width + i] as number;
    // Counts on like an odometer: the last axis turns fastest, and one that comes full circle turns the one before.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      from += stride;
      index[axis] = next;
      if (next < (shape[axis] as number)) break;
      from -= stride * next;
      index[axis] = 0;
    }
  }
  return gathered;
}
