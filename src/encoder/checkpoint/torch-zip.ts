import type { CheckpointContents } from './checkpoint-contents.js';
import type { CheckpointFile, Span } from './checkpoint-file.js';
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import { PickleMachine } from './pickle-machine.js';
import { findStateDict } from './state-dict.js';
import { placeTensor, type TensorView } from './tensor-view.js';
import { findClass, findStorage } from './torch-classes.js';
import { ZipArchive } from './zip-archive.js';

/** The pickle of a large model with its optimizer takes a megabyte or two: it names tensors and does not hold them. */
const MAX_PICKLE_BYTES = 1 << 24;

/**
 * A file of torch.save since PyTorch 1.6: a zip archive of `<any name>/data.pkl`, which describes the tensors, and
 * `<any name>/data/<key>`, their storages.
 *
 * @throws CheckpointFault
 */
export async function readTorchZip(file: CheckpointFile): Promise<CheckpointContents> {
  const archive = await ZipArchive.open(file);
  const folder = torchFolder(archive);
  await checkByteOrder(file, archive, `${folder}byteorder`);

  const pickle = await archive.locate(`${folder}data.pkl`);
  if (pickle.length > MAX_PICKLE_BYTES)
    throw malformed(`its data.pkl of ${pickle.length} bytes is too large`);
  const bytes = await file.read(pickle.start, pickle.length);
  const machine = new PickleMachine(bytes, { findClass, findPersistent: findStorage });
  const { tensors, skipped } = findStateDict(machine.next());

  const storages = new Map<string, Span>();
  const views = new Map<string, TensorView>();
  for (const [name, { storage, ...layout }] of tensors) {
    const entry = `${folder}data/${storage.key}`;
    if (!archive.has(entry))
      throw malformed(`the tensor ${name} lies in ${entry}, which is not in the archive`);
    const span = storages.get(entry) ?? (await archive.locate(entry));
    storages.set(entry, span);
    views.set(name, placeTensor(name, storage.dtype, layout, span));
  }
  return { format: 'torch-zip', views, skipped };
}

/** The folder, with its slash, in which torch.save put everything. */
function torchFolder(archive: ZipArchive): string {
  const pickles = [...archive.names()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1)
    throw malformed(
      `it is a zip archive with ${pickles.length} entries <name>/data.pkl where torch.save writes one`,
    );
  const folder = pickle.slice(0, -'data.pkl'.length);
  if (archive.has(`${folder}constants.pkl`))
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      'it is a TorchScript program and not a table of weights',
    );
  return folder;
}

async function checkByteOrder(file: CheckpointFile, archive: ZipArchive, name: string): Promise<void> {
  if (!archive.has(name)) return;
  const { start, length } = await archive.locate(name);
  const order = new TextDecoder().decode(await file.read(start, Math.min(length, 16)));
  if (order !== 'little')
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      `its byte order is ${JSON.stringify(order)} and not little-endian`,
    );
}
