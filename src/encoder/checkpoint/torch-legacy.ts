/**
 * Files of torch.save before PyTorch 1.6: five pickles in a row (a magic number, the protocol version, facts about the
 * machine, the object, the list of storage keys), then for each key a count of elements (int64) and that many elements.
 */
import type { CheckpointContents } from './checkpoint-contents.js';
import type { CheckpointFile, Span } from './checkpoint-file.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import { PickleMachine } from './pickle-machine.js';
import type { PickleValue, StorageReference } from './pickle-values.js';
import { findStateDict } from './state-dict.js';
import { elementWidth, placeTensor, type TensorView } from './tensor-view.js';
import { findClass, findStorage } from './torch-classes.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
/** The pickles must end within this many bytes; their length is written nowhere. */
const MAX_PICKLES_BYTES = 1 << 24;
const COUNT_BYTES = 8;

/** @throws CheckpointFault */
export async function readTorchLegacy(file: CheckpointFile): Promise<CheckpointContents> {
  const bytes = await file.read(0, Math.min(file.size, MAX_PICKLES_BYTES));
  const named = new Map<string, StorageReference>();
  const findPersistent = (id: PickleValue): PickleValue => {
    const storage = findStorage(id);
    if ((named.get(storage.key) ?? storage).dtype !== storage.dtype)
      throw malformed(`its storage ${storage.key} has elements of two kinds`);
    named.set(storage.key, storage);
    return storage;
  };

  const pickles = new PickleMachine(bytes, { findClass, findPersistent });
  if (pickles.next() !== MAGIC) throw malformed('it is a pickle, but not one that torch.save wrote');
  if (pickles.next() !== PROTOCOL_VERSION)
    throw malformed('it was written in a version of the legacy format that is not known');
  const system = pickles.next();
  if (system instanceof Map && system.get('little_endian') === false)
    throw new CheckpointFault('ERR_CHECKPOINT_UNSUPPORTED', 'it was written in big-endian byte order');
  const root = pickles.next();
  const keys = pickles.next();
  if (!Array.isArray(keys)) throw malformed('its list of storages is missing');

  const storages = await placeStorages(file, pickles.position, keys, named);
  const { tensors, skipped } = findStateDict(root);
  const views = new Map<string, TensorView>();
  for (const [name, { storage, ...layout }] of tensors) {
    const span = storages.get(storage.key);
    if (!span)
      throw malformed(`the tensor ${name} lies in the storage ${storage.key}, which is not in the file`);
    views.set(name, placeTensor(name, storage.dtype, layout, span));
  }
  return { format: 'torch-legacy', views, skipped };
}

/** Walks over the storages behind the pickles. */
async function placeStorages(
  file: CheckpointFile,
  start: number,
  keys: readonly PickleValue[],
  named: ReadonlyMap<string, StorageReference>,
): Promise<Map<string, Span>> {
  const spans = new Map<string, Span>();
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? named.get(key) : undefined;
    if (!storage)
      throw malformed('it lists a storage that no tensor of it uses, so that its size is unknown');
    if (spans.has(storage.key)) throw malformed(`it lists the storage ${storage.key} twice`);
    const count = (await file.readAhead(at, COUNT_BYTES)).readBigInt64LE();
    const span = { start: at + COUNT_BYTES, length: Number(count) * elementWidth(storage.dtype) };
    at = span.start + span.length;
    if (count < 0n || at > file.size)
      throw malformed(
        `its storage ${storage.key} of ${count} elements does not fit into the file; it is cut off or damaged`,
      );
    spans.set(storage.key, span);
  }
  return spans;
}
