/** Zip archives, legacy files and safetensors whose fields lie, each field on its own. */
import { extreme, type SeededRandom, splice } from './checkpoint-mutation-random.js';
import { op, pickle, text, u64, zip, type ZipEntry } from './torch-file-writer.js';

const LOCAL = 'PK\x03\x04';
const DIRECTORY = 'PK\x01\x02';
const END = 'PK\x05\x06';

/** Offsets and widths of the fields of a zip's records. */
const LOCAL_FIELDS = [
  [4, 2],
  [6, 2],
  [8, 2],
  [14, 4],
  [18, 4],
  [22, 4],
  [26, 2],
  [28, 2],
] as const;
const DIRECTORY_FIELDS = [
  [6, 2],
  [8, 2],
  [10, 2],
  [20, 4],
  [24, 4],
  [28, 2],
  [30, 2],
  [32, 2],
  [34, 2],
  [42, 4],
] as const;
const END_FIELDS = [
  [4, 2],
  [6, 2],
  [8, 2],
  [10, 2],
  [12, 4],
  [16, 4],
  [20, 2],
] as const;

const NAMES: readonly string[] = [
  '/etc/passwd',
  'C:/data.pkl',
  '../data.pkl',
  'archive/../../data.pkl',
  'archive\\data.pkl',
  'archive/data.pkl',
  'other/data.pkl',
  'archive/data/0',
  'archive/byteorder',
  'archive/constants.pkl',
  'archive/data/\0',
  'data.pkl',
  '',
  '/',
];

/** Two to five tricks: with names, with entries as a whole, and with the fields of the records. */
export function trickedZip(random: SeededRandom, entries: readonly ZipEntry[]): Buffer {
  const listed = [...entries];
  if (random.chance(0.3)) {
    const at = random.below(listed.length);
    const { data } = listed[at] as ZipEntry;
    listed.splice(random.below(listed.length + 1), random.below(2), { name: random.pick(NAMES), data });
  }
  if (random.chance(0.1)) listed.push(...entries);
  if (random.chance(0.05))
    for (let i = random.size(2000); i > 0; i--)
      listed.push({ name: `archive/data/${i + 9}`, data: new Uint8Array(0) });
  if (random.chance(0.1)) {
    const at = random.below(listed.length);
    listed[at] = { ...(listed[at] as ZipEntry), method: random.pick([8, 9, 12, 99, 65_535]) };
  }
  let bytes = zip(listed);
  for (let tricks = random.below(4); tricks > 0; tricks--) bytes = random.pick(ZIP_TRICKS)(random, bytes);
  return bytes;
}

type Trick = (random: SeededRandom, bytes: Buffer) => Buffer;

const ZIP_TRICKS: readonly Trick[] = [
  (random, bytes) => lie(random, bytes, LOCAL, LOCAL_FIELDS),
  (random, bytes) => lie(random, bytes, DIRECTORY, DIRECTORY_FIELDS),
  (random, bytes) => lie(random, bytes, DIRECTORY, DIRECTORY_FIELDS),
  (random, bytes) => lie(random, bytes, END, END_FIELDS),
  overlap,
  zip64Entry,
  zip64End,
  (random, bytes) => Buffer.concat([bytes, random.pick([bytes, random.bytes(30), Buffer.from(END)])]),
  (random, bytes) => Buffer.concat([Buffer.from('PK'), random.bytes(random.below(9)), bytes]),
];

function recordsOf(bytes: Buffer, signature: string): number[] {
  const found: number[] = [];
  for (
    let at = bytes.indexOf(signature, 0, 'latin1');
    at >= 0;
    at = bytes.indexOf(signature, at + 1, 'latin1')
  )
    found.push(at);
  return found;
}

function lie(
  random: SeededRandom,
  bytes: Buffer,
  signature: string,
  fields: readonly (readonly [number, 2 | 4])[],
): Buffer {
  const records = recordsOf(bytes, signature);
  const [offset, width] = random.pick(fields);
  const at = records.length === 0 ? bytes.length : random.pick(records) + offset;
  const old = at + width <= bytes.length ? bytes.readUIntLE(at, width) : 0;
  const near = Buffer.alloc(8);
  near.writeUIntLE(Math.max(0, old + random.below(9) - 4) % 2 ** (8 * width), 0, 6);
  return splice(bytes, at, width, random.chance(0.5) ? extreme(random, width) : near.subarray(0, width));
}

/** Two entries of the directory point to one place. */
function overlap(random: SeededRandom, bytes: Buffer): Buffer {
  const records = recordsOf(bytes, DIRECTORY).filter((at) => at + 46 <= bytes.length);
  if (records.length === 0) return bytes;
  const from = random.pick(records);
  const to = random.pick(records);
  return splice(bytes, to + 42, 4, Buffer.from(bytes.subarray(from + 42, from + 46)));
}

/** An entry whose sizes or place are said by an extra field of 64-bit numbers. */
function zip64Entry(random: SeededRandom, bytes: Buffer): Buffer {
  const records = recordsOf(bytes, DIRECTORY).filter((at) => at + 46 <= bytes.length);
  if (records.length === 0) return bytes;
  const at = random.pick(records);
  const changed = Buffer.from(bytes);
  const honest = [24, 20, 42].map((offset) => u64(bytes.readUInt32LE(at + offset)));
  for (const offset of [24, 20, 42]) if (random.chance(0.8)) changed.writeUInt32LE(2 ** 32 - 1, at + offset);
  const numbers = honest.map((number) => (random.chance(0.6) ? number : extreme(random, 8)));
  const fields = Buffer.concat(numbers.slice(0, random.chance(0.8) ? 3 : random.below(3)));
  const length = random.chance(0.9) ? fields.length : random.below(65_536);
  const extra = Buffer.concat([Buffer.from([1, 0, length & 255, length >> 8]), fields]);
  changed.writeUInt16LE(extra.length, at + 30);
  return splice(changed, at + 46 + bytes.readUInt16LE(at + 28), 0, extra);
}

/** An end record of 64-bit numbers, and what points to it, in front of the ordinary one. */
function zip64End(random: SeededRandom, bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf(END, undefined, 'latin1');
  if (at < 0 || at + 22 > bytes.length) return bytes;
  const count = u64(bytes.readUInt16LE(at + 10));
  const size = u64(bytes.readUInt32LE(at + 12));
  const offset = u64(bytes.readUInt32LE(at + 16));
  const maybe = (number: Buffer): Buffer => (random.chance(0.7) ? number : extreme(random, 8));
  const record = [
    Buffer.from('PK\x06\x06'),
    u64(44),
    Buffer.alloc(12),
    ...[count, count, size, offset].map(maybe),
  ];
  const locator = [Buffer.from('PK\x06\x07'), Buffer.alloc(4), maybe(u64(at)), Buffer.alloc(4)];
  return splice(bytes, at, 0, Buffer.concat([...record, ...locator]));
}

/** A legacy file of the parts of a valid one, with wrong counts, lists and order. */
export function trickedLegacy(random: SeededRandom, valid: Buffer, root: Buffer, mutated: Buffer): Buffer {
  const at = valid.indexOf(root);
  const head = valid.subarray(0, at);
  const tail = valid.subarray(at + root.length);
  const end = tail.indexOf('e.') + 2;
  let list = tail.subarray(0, end);
  let data: Buffer = tail.subarray(end);
  if (random.chance(0.3)) {
    const keys = Array.from({ length: random.size(500) }, () => text(random.pick(['0', '0', '1', '2', ''])));
    list = pickle(op(']'), op('(', ...keys, Buffer.from('e')));
  }
  if (random.chance(0.5)) data = splice(data, 0, 8, extreme(random, 8));
  if (random.chance(0.3)) data = data.subarray(0, random.below(data.length));
  const parts = [head, random.chance(0.6) ? mutated : root, list, data];
  if (random.chance(0.1)) parts.splice(random.below(4), 1);
  if (random.chance(0.1)) parts.splice(random.below(4), 0, random.pick(parts));
  return Buffer.concat(parts);
}

/** A safetensors file whose header describes its data well, but for one to three lies. */
export function trickedSafetensors(random: SeededRandom): Buffer {
  const fields = Array.from({ length: random.size(8) }, (_, i) => honestTensor(i, random.below(20)));
  const total = fields.reduce((sum, { size }) => sum + size, 0);
  let end = 0;
  const entries = fields.map(({ name, size }) => {
    end += size;
    return `"${name}":{"dtype":"F32","shape":[${size / 4}],"data_offsets":[${end - size},${end}]}`;
  });
  for (let lies = random.size(4) - 1; lies > 0; lies--) {
    const at = random.below(entries.length);
    if (random.chance(0.5)) entries.splice(at, random.below(2), `"${anyName(random)}":${anyValue(random)}`);
    else entries[at] = (entries[at] ?? '').replace(/\d+(?=[,\]])/, () => anyNumber(random));
  }
  const header = Buffer.from(`{${entries.join(',')}}${' '.repeat(random.below(9))}`);
  const length = random.chance(0.95) ? u64(header.length) : extreme(random, 8);
  return Buffer.concat([length, header, Buffer.alloc(random.chance(0.9) ? total : random.below(200))]);
}

const honestTensor = (i: number, elements: number): { name: string; size: number } => ({
  name: `w${i}`,
  size: 4 * elements,
});

function anyNumber(random: SeededRandom): string {
  if (random.chance(0.5)) return String(random.below(100));
  const extremes = [String(extreme(random, 8).readBigInt64LE()), '-1', '-0', '1e308', '1e999'];
  return random.pick([...extremes, '0.5', '"4"', 'null', '[]', '1,1', '0,1e15']);
}

function anyName(random: SeededRandom): string {
  const long = 'x'.repeat(random.size(5000));
  return random.pick([
    'w0',
    'w1',
    'v',
    '__metadata__',
    '__proto__',
    'constructor',
    long,
    '\\u0000',
    '\\ud800',
  ]);
}

function anyValue(random: SeededRandom): string {
  const deep = random.size(5000);
  if (random.chance(0.3))
    return random.pick([
      '['.repeat(deep) + ']'.repeat(deep),
      '{"a":'.repeat(deep),
      'null',
      '{}',
      '"x"',
      '[]',
    ]);
  const list = (count: number): string =>
    `[${Array.from({ length: count }, () => anyNumber(random)).join(',')}]`;
  const dtype = random.pick(['F32', 'F16', 'BF16', 'F64', 'I64', 'BOOL', 'F8_E4M3', '__proto__', '']);
  const shape = list(random.chance(0.1) ? deep : random.below(4));
  return `{"dtype":"${dtype}","shape":${shape},"data_offsets":${list(random.chance(0.9) ? 2 : random.below(5))}}`;
}
