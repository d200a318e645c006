/** Checkpoints as large as the reader's limits let them be, each made to cost as much as it can. */
import {
  call,
  emptyDict,
  fill,
  get,
  global,
  int,
  op,
  pickle,
  put,
  safetensors,
  text,
  tensor,
  torchLegacy,
  torchZip,
  tuple,
  u64,
  zip,
} from './torch-file-writer.js';

/** What a pickle may take, less room for the rest of it. */
const FULL = 2 ** 24 - 4096;

/** As often as it fits. */
const full = (part: Buffer, room: number = FULL): Buffer => Buffer.alloc(room - (room % part.length), part);

/** The same in stacks of 2^19 values, each below a mark, so that no stack is long and nothing is let go. */
function stacked(part: Buffer, before: Buffer = Buffer.alloc(0)): Buffer {
  const stack = Buffer.concat([op('('), Buffer.alloc(Math.min(FULL, part.length * 2 ** 19), part)]);
  return Buffer.concat([before, full(stack, Math.max(stack.length, FULL - before.length))]);
}

const inZip = (...parts: readonly Buffer[]): Buffer => torchZip(pickle(...parts));

function numbered(count: number, part: (i: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => part(i)));
}

/** Integers of 16 bytes with equal lower halves: V8 hashes only those. */
const collidingIntegers = numbered(500_000, (i) =>
  Buffer.concat([op('\x8a\x10'), u64(7), u64(2 ** 20 + i), op('N')]),
);

/** Memo positions that share the low bits of V8's hash of small integers. */
function collidingPositions(): Buffer {
  const positions: number[] = [];
  for (let i = 0; positions.length < 4000; i++) if ((hash(i) & 0x7ff) === 0) positions.push(i);
  const puts = Buffer.concat([op('N'), ...positions.map(put)]);
  const gets = full(op('', get(positions[0] as number), op('0')), FULL - puts.length - 2 ** 16);
  // Positions must lie below the size of the pickle.
  return Buffer.concat([puts, gets]);
}

function hash(key: number): number {
  let h = (~key + (key << 15)) | 0;
  h ^= h >>> 12;
  h = (h + (h << 2)) | 0;
  h ^= h >>> 4;
  h = Math.imul(h, 2057);
  return (h ^ (h >>> 16)) & 0x3fffffff;
}

/** A tensor whose shape is a list, in memo 9, that grows after the tensor was made of it. */
function growingShape(): Buffer {
  const id = tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), int(0));
  const shape = op(']', put(9));
  const made = call(
    global('torch._utils', '_rebuild_tensor_v2'),
    op('', id, op('Q')),
    int(0),
    shape,
    op(']'),
    op('\x89'),
    none(),
  );
  const doubled = numbered(40, () => op('', op('h\x08h\x08\x86'), put(8)));
  const grown = op('', text('x'.repeat(1000)), put(8), op('0'), doubled, put(8), get(9), get(8), op('a0'));
  return op('', made, put(7), op('0'), grown, fill(emptyDict, text('w'), get(7)));
}

const none = (): Buffer => call(global('collections', 'OrderedDict'));

function manyTensors(count: number, key: (i: number) => string): Buffer {
  const entries = numbered(count, (i) =>
    op('', text(`w${i}`), tensor({ key: key(i), shape: [0], strides: [1], elements: 0 })),
  );
  return pickle(fill(emptyDict, entries));
}

function manyStorages(count: number): Buffer {
  const entries = Array.from({ length: count }, (_, i) => ({
    name: `a/data/${i}`,
    data: new Uint8Array(0),
  }));
  return zip([{ name: 'a/data.pkl', data: manyTensors(count, String) }, ...entries]);
}

/** Zip entries whose extra fields are all headers. */
function extraFields(count: number): Buffer {
  const extra = Buffer.alloc(65_532, Buffer.from('\x99\x99\x00\x00', 'latin1'));
  const plain = zip([]);
  const header = Buffer.alloc(46);
  header.write('PK\x01\x02', 'latin1');
  header.writeUInt16LE(8, 28);
  header.writeUInt16LE(extra.length, 30);
  const directory = numbered(count, (i) => op('', header, Buffer.from(String(i).padStart(8, '0')), extra));
  const end = Buffer.from(plain);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  return endAt(directory, end);
}

function endAt(directory: Buffer, end: Buffer): Buffer {
  end.writeUInt32LE(4, 16);
  return Buffer.concat([Buffer.from('PK\x05\x06'), directory, end]);
}

/** A legacy file that lists one storage, without elements, over and over. */
function listedAgain(count: number): Buffer {
  const root = pickle(
    fill(emptyDict, text('w'), tensor({ key: '0', shape: [0], strides: [1], elements: 0, legacy: true })),
  );
  const valid = torchLegacy(root, { 0: new Uint8Array(0) });
  const list = pickle(op('](', text('0'), put(0), Buffer.alloc(2 * count, 'h\0'), op('e')));
  const single = pickle(op(']'), op('(', text('0'), op('e')));
  return Buffer.concat([valid.subarray(0, valid.indexOf(single)), list, Buffer.alloc(8 * (count + 1))]);
}

const json = (body: Buffer): Buffer => Buffer.concat([u64(body.length), body]);
const class24 = global('torch', 'Size');
const dictionaries = call(global('collections', 'OrderedDict'));

/** Each took too long or too much before its limit was set. Made when they are asked for: together they would fill the memory. */
export const BOMBS: Readonly<Record<string, () => Buffer>> = {
  'short texts kept': () => inZip(stacked(op('U\x03abc'))),
  'a text that is asked for as a class': () => inZip(text('\u0007'.repeat(FULL)), op('\x8c\x01a\x93')),
  'empty bytes kept': () => inZip(stacked(op('C\x00'))),
  'integers without digits': () => inZip(full(op('\x8a\x000'))),
  'integers of 64 bytes': () => inZip(full(op(`\x8a\x40${'abcdefgh'.repeat(8)}0`))),
  'dictionaries kept': () => inZip(stacked(op('}'))),
  'tuples in tuples': () => inZip(op('N'), full(op('\x85'))),
  'memo positions that collide': () => inZip(collidingPositions()),
  'keys that collide': () => inZip(emptyDict, op('('), collidingIntegers, op('u')),
  'a shape that grows': () => torchZip(pickle(growingShape()), { 0: new Uint8Array(0) }),
  'storages of their own': () => manyStorages(20_000),
  'a tensor of a long name': () =>
    torchZip(
      pickle(
        fill(
          emptyDict,
          text('\u0007'.repeat(FULL - 4096)),
          tensor({ shape: [9], strides: [1], elements: 9 }),
        ),
      ),
      { 0: new Uint8Array(0) },
    ),
  'names in a zip': () =>
    zip(Array.from({ length: 65_000 }, (_, i) => ({ name: String(i), data: new Uint8Array(0) }))),
  'many extra fields in a zip': () => extraFields(300),
  'a legacy storage listed again and again': () => listedAgain(1_000_000),
  'lists in a header': () => json(Buffer.from(`{"w":[${'[],'.repeat(1_300_000)}[]]}`)),
  'a shape of many axes': () =>
    safetensors(
      { w: { dtype: 'F32', shape: Array(1_900_000).fill(1), data_offsets: [0, 4] } },
      Buffer.alloc(4),
    ),
};

/** More of the same kinds. */
export const FURTHER_BOMBS: Readonly<Record<string, () => Buffer>> = {
  'nothing, over and over': () => inZip(full(op('N0'))),
  'empty texts': () => inZip(full(op('\x8c\x000'))),
  'empty texts kept': () => inZip(stacked(op('\x8c\x00'))),
  'wide texts kept': () => inZip(stacked(text('é☃'))),
  'one text of the whole pickle': () => inZip(text('é'.repeat(FULL / 2)), op('c')),
  'integers of 10 bytes': () => inZip(full(op('\x8a\x0aabcdefghij0'))),
  'integers of 1,000 bytes': () => inZip(full(op('\x8b\xe8\x03\0\0', Buffer.alloc(1000, 'x'), op('0')))),
  'doubles kept': () => inZip(stacked(op('G?\xf1abcdef'))),
  'lists kept': () => inZip(stacked(op(']'))),
  'lists of one kept': () => inZip(stacked(op('N\x85'))),
  'sets kept': () => inZip(stacked(op('\x8f'))),
  'dictionaries of one kept': () => inZip(stacked(op('}NNs'))),
  'OrderedDicts kept': () =>
    inZip(stacked(op('h\0h\x01R'), op('', dictionaries.subarray(0, -3), op('q\0)q\x01')))),
  'marks and unmarks': () => inZip(full(op('(1'))),
  'lists in lists': () => inZip(full(op(']')), full(op('a'), 64)),
  'classes by name': () => inZip(full(op('', class24, op('0')))),
  'memo put again and again': () => inZip(op('N'), full(op('q\0'))),
  'memo got again and again': () => inZip(op('Nq\0'), full(op('h\x000'))),
  'memo positions far apart': () =>
    inZip(
      op('N'),
      numbered(2 ** 20, (i) => put(i * 5)),
      op('N'.repeat(9)),
    ),
  'keys that are all different': () =>
    inZip(
      emptyDict,
      op('('),
      numbered(500_000, (i) => op('', int(i * 7919), op('N'))),
      op('u'),
    ),
  'texts as keys': () =>
    inZip(
      emptyDict,
      op('('),
      numbered(500_000, (i) => op('', text(String(i)), op('N'))),
      op('u'),
    ),
  'values built upon': () => inZip(emptyDict, full(op('Nb'))),
  'storages of one name': () =>
    torchZip(
      manyTensors(60_000, () => '0'),
      { 0: new Uint8Array(0) },
    ),
  'long names in a zip': () =>
    zip(
      Array.from({ length: 250 }, (_, i) => ({
        name: String(i).padEnd(32_000, 'é'),
        data: new Uint8Array(0),
      })),
    ),
  'extra fields in a zip': () => extraFields(60),
  'a legacy pickle in the place of the magic number': () => torchLegacyOf(pickle(full(op('N0')))),
  'objects in a header': () => json(Buffer.from(`{"w":[${'{},'.repeat(1_300_000)}[]]}`)),
  'a header nested deep': () => json(Buffer.from(`{"w":${'['.repeat(1_900_000)}${']'.repeat(1_900_000)}}`)),
  'a header of many names': () =>
    json(
      op(
        '{',
        numbered(300_000, (i) => Buffer.from(`"${i}":0,`)),
        Buffer.from('"a":0}'),
      ),
    ),
  'a header of many tensors': () =>
    safetensors(
      Object.fromEntries(
        Array.from({ length: 50_000 }, (_, i) => [
          `w${i}`,
          { dtype: 'F32', shape: [0], data_offsets: [0, 0] },
        ]),
      ),
      new Uint8Array(0),
    ),
  'a header of 90 MB': () => json(Buffer.alloc(90_000_000, '{"w":[')),
};

function torchLegacyOf(first: Buffer): Buffer {
  return Buffer.concat([first.subarray(0, -1), op('K\0.'), torchLegacy(pickle(), {})]);
}
