import { z } from 'zod';
import type { CheckpointContents } from './checkpoint-contents.js';
import type { CheckpointFile, Span } from './checkpoint-file.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import {
  contiguousStrides,
  elementCount,
  elementWidth,
  placeTensor,
  type TensorDtype,
  type TensorView,
} from './tensor-view.js';

/** Bytes of the length in front of the header. */
export const LENGTH_BYTES = 8;
/** Far below the limit of the format: each tensor takes some 100, and JSON takes up to 50 times its size once it is read. */
const MAX_HEADER_BYTES = 4_000_000;
const METADATA = '__metadata__';

const DTYPES: ReadonlyMap<string, TensorDtype> = new Map([
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

const natural = z.int().nonnegative();
const Entry = z.object({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});

/**
 * A safetensors file: the length of a JSON header (u64), the header, then the tensors without gaps.
 *
 * @throws CheckpointFault
 */
export async function readSafetensors(file: CheckpointFile): Promise<CheckpointContents> {
  const length = new DataView((await file.read(0, LENGTH_BYTES)).buffer).getBigUint64(0, true);
  const start = LENGTH_BYTES + Number(length);
  if (start > file.size)
    throw malformed(`its header of ${length} bytes does not fit into the file; it is cut off or damaged`);
  if (length > MAX_HEADER_BYTES)
    throw malformed(`its header of ${length} bytes is larger than that of any checkpoint`);
  const data: Span = { start, length: file.size - start };

  const views = new Map<string, TensorView>();
  const spans: Span[] = [];
  for (const [name, value] of headerEntries(await file.read(LENGTH_BYTES, Number(length)))) {
    const { view, span } = placeEntry(name, value, data);
    views.set(name, view);
    spans.push(span);
  }
  if (views.size === 0) throw malformed('it holds no tensors');
  checkCoverage(spans, data);
  return { format: 'safetensors', views, skipped: [] };
}

function headerEntries(bytes: Uint8Array): [string, unknown][] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null) throw malformed('its header is not a JSON object');
  return Object.entries(header).filter(([name]) => name !== METADATA);
}

function placeEntry(name: string, value: unknown, data: Span): { view: TensorView; span: Span } {
  const entry = Entry.safeParse(value);
  if (!entry.success)
    throw malformed(
      `its header describes the tensor ${name} by other fields than dtype, shape and data_offsets`,
    );
  const { dtype: code, shape, data_offsets } = entry.data;
  const dtype = DTYPES.get(code);
  if (dtype === undefined)
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `the tensor ${name} is of the type ${code}`,
      `Import a file whose tensors are of the types ${[...DTYPES.keys()].join(', ')}.`,
    );
  const [from, to] = data_offsets;
  if (to - from !== elementCount(shape) * elementWidth(dtype) || to > data.length)
    throw malformed(
      `the tensor ${name}, ${code} [${shape.join(', ')}], does not fit bytes ${from} to ${to} of ${data.length}; the file is cut off or damaged`,
    );
  const span = { start: data.start + from, length: to - from };
  return {
    view: placeTensor(name, dtype, { offset: 0, shape, strides: contiguousStrides(shape) }, span),
    span,
  };
}

/** Every byte belongs to exactly one tensor; the format asks for it so that a file has no room for anything else. */
function checkCoverage(spans: readonly Span[], data: Span): void {
  let end = data.start;
  for (const { start, length } of spans.toSorted((a, b) => a.start - b.start || a.length - b.length)) {
    if (start !== end) throw malformed('its tensors overlap or leave gaps');
    end = start + length;
  }
  if (end !== data.start + data.length) throw malformed('it goes on behind its last tensor');
}
