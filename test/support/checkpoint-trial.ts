import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import { type Checkpoint, openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';
import {
  call,
  fill,
  floats,
  global,
  pickle,
  safetensors,
  tensor,
  text,
  torchLegacy,
  torchZip,
} from './torch-file-writer.js';

export async function withFile<T>(
  bytes: Uint8Array,
  work: (checkpoint: Checkpoint) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-checkpoint-'));
  try {
    const path = join(folder, 'file.pth');
    await writeFile(path, bytes);
    const checkpoint = await openCheckpoint(path);
    try {
      return await work(checkpoint);
    } finally {
      await checkpoint.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function refusal(bytes: Uint8Array): Promise<SightlineError> {
  try {
    await withFile(bytes, async () => {});
  } catch (error) {
    if (error instanceof SightlineError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

/** The file is refused with this code, in sentences that name it and end in what to do. */
export async function expectRefusal(bytes: Uint8Array, code: string, reason: RegExp): Promise<void> {
  const error = await refusal(bytes);
  expect(error.message).toMatch(reason);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^\S+file\.pth cannot be imported: [^.].*\. [A-Z].*\.$/s);
}

export const SIX: Uint8Array = floats(1, 2, 3, 4, 5, 6);
/** w = [[1, 2, 3], [4, 5, 6]] over the storage of `SIX`. */
export const matrix: Buffer = tensor({ shape: [2, 3], strides: [3, 1], elements: 6 });
export const stateDict = (...entries: readonly Buffer[]): Buffer =>
  pickle(fill(call(global('collections', 'OrderedDict')), ...entries));
export const tiny: Buffer = torchZip(stateDict(text('w'), matrix), { 0: SIX });
const legacyMatrix = tensor({ shape: [2, 3], strides: [3, 1], elements: 6, legacy: true });
export const tinyLegacy: Buffer = torchLegacy(stateDict(text('w'), legacyMatrix), { 0: SIX });
export const tinySafetensors: Buffer = safetensors(
  { __metadata__: { format: 'pt' }, w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } },
  SIX,
);
