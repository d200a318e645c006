/** Checkpoints that were valid until a seed decided what to change. */
import { mutatedPickle } from './checkpoint-mutation-pickle.js';
import { extreme, SeededRandom, splice } from './checkpoint-mutation-random.js';
import { trickedLegacy, trickedSafetensors, trickedZip } from './checkpoint-mutation-container.js';
import {
  call,
  emptyDict,
  fill,
  floats,
  global,
  int,
  none,
  pickle,
  safetensors,
  tensor,
  text,
  torchLegacy,
  torchZip,
  u64,
} from './torch-file-writer.js';

export interface Mutation {
  readonly family: string;
  readonly bytes: Buffer;
}

const NUMBERS = Float32Array.from({ length: 40 }, (_, i) => i / 8);
const STORAGES: Readonly<Record<string, Uint8Array>> = { 0: floats(...NUMBERS), 1: floats(1, 2, 3, 4, 5, 6) };

/** What a training script saves: views of one storage, a scalar, 16-bit floats, and an optimizer beside the weights. */
function trainingPickle(legacy: boolean): Buffer {
  const kind = legacy ? { legacy: true as const } : {};
  // In the legacy format all storages here are of float32.
  const half = legacy ? {} : { storage: 'HalfStorage' };
  const weights = fill(
    call(global('collections', 'OrderedDict')),
    text('w'),
    tensor({ shape: [4, 5], strides: [5, 1], elements: 40, ...kind }),
    text('t'),
    tensor({ shape: [5, 4], strides: [1, 5], offset: 20, elements: 40, ...kind }),
    text('scale'),
    tensor({ key: '1', shape: [], strides: [], offset: 5, elements: 6, ...kind, ...half }),
  );
  const state = fill(emptyDict, int(0), fill(emptyDict, text('step'), int(9)));
  const args = Buffer.concat([
    call(global('argparse', 'Namespace')),
    fill(emptyDict, text('lr'), none),
    Buffer.from('b'),
  ]);
  return pickle(fill(emptyDict, text('model'), weights, text('optimizer'), state, text('args'), args));
}

const ZIP_ROOT = trainingPickle(false);
const LEGACY_ROOT = trainingPickle(true);
const ZIP = torchZip(ZIP_ROOT, STORAGES);
const LEGACY = torchLegacy(LEGACY_ROOT, STORAGES);
const SAFETENSORS: Buffer = safetensors(
  {
    __metadata__: { format: 'pt' },
    w: { dtype: 'F32', shape: [2, 5], data_offsets: [0, 40] },
    v: { dtype: 'BF16', shape: [60], data_offsets: [40, 160] },
  },
  floats(...NUMBERS),
);

/** With a header of this length, to which spaces may extend it. */
function padded(length: number): Buffer {
  const old = Number(SAFETENSORS.readBigUInt64LE());
  const header = [u64(length), SAFETENSORS.subarray(8, 8 + old), Buffer.alloc(length - old, ' ')];
  return Buffer.concat([...header, SAFETENSORS.subarray(8 + old)]);
}

/** Well-formed files of the three formats; the last two have lengths that begin as a pickle and as a zip archive do. */
export const VALID: readonly Buffer[] = [
  ZIP,
  LEGACY,
  SAFETENSORS,
  padded(0x180),
  padded(Buffer.from('PK').readUInt16LE()),
];

const zipEntries = (root: Buffer): { name: string; data: Uint8Array }[] => [
  { name: 'archive/data.pkl', data: root },
  { name: 'archive/byteorder', data: Buffer.from('little') },
  ...Object.entries(STORAGES).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
];

/** The file that `seed` makes; of `others` too, if there are any. */
export function mutatedCheckpoint(seed: number, others: readonly Buffer[]): Mutation {
  const random = new SeededRandom(seed);
  const family = random.below(100);
  if (family < 20) return { family: 'bytes', bytes: damaged(random, random.pick(VALID)) };
  if (family < 30 && others.length > 0)
    return { family: 'bytes of PyTorch', bytes: damaged(random, random.pick(others)) };
  if (family < 50) return { family: 'pickle', bytes: torchZip(mutatedPickle(random, ZIP_ROOT), STORAGES) };
  if (family < 70) {
    const root = random.chance(0.2) ? mutatedPickle(random, ZIP_ROOT) : ZIP_ROOT;
    return { family: 'zip', bytes: trickedZip(random, zipEntries(root)) };
  }
  if (family < 85) {
    const root = mutatedPickle(random, LEGACY_ROOT);
    return { family: 'legacy', bytes: trickedLegacy(random, LEGACY, LEGACY_ROOT, root) };
  }
  return { family: 'safetensors', bytes: trickedSafetensors(random) };
}

/** One to six changes to the bytes, more of them where the structure is: at the ends. */
function damaged(random: SeededRandom, valid: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(valid);
  for (let changes = random.size(6); changes > 0 && bytes.length > 0; changes--)
    bytes = random.pick(DAMAGES)(random, bytes, place(random, bytes.length));
  return bytes;
}

function place(random: SeededRandom, length: number): number {
  const within = random.below(Math.min(length, random.pick([200, 20_000, length])));
  return random.chance(0.5) ? within : length - 1 - within;
}

const DAMAGES: readonly ((random: SeededRandom, bytes: Buffer, at: number) => Buffer)[] = [
  (random, bytes, at) => {
    bytes.writeUInt8((bytes[at] as number) ^ (1 << random.below(8)), at);
    return bytes;
  },
  (random, bytes, at) => splice(bytes, at, 1, random.bytes(1)),
  (random, bytes, at) => splice(bytes, at, 8, extreme(random, 8)),
  (random, bytes, at) => splice(bytes, at, 4, extreme(random, 4)),
  (random, bytes, at) => splice(bytes, at, 2, extreme(random, 2)),
  (random, bytes, at) => splice(bytes, at, 0, random.bytes(random.size(64))),
  (random, bytes, at) => splice(bytes, at, random.size(bytes.length), Buffer.alloc(0)),
  (_, bytes, at) => bytes.subarray(0, at),
  (random, bytes, at) => {
    const from = place(random, bytes.length);
    return splice(bytes, at, 0, Buffer.from(bytes.subarray(from, from + random.size(300))));
  },
  (random, bytes, at) =>
    splice(bytes, at, random.size(16), Buffer.alloc(random.size(16), random.pick([0, 0xff]))),
];
