/** Pickles taken apart into opcodes, changed, and put together again. */
import { extreme, type SeededRandom } from './checkpoint-mutation-random.js';
import { call, emptyDict, get, global, int, op, put, tensor, text, tuple } from './torch-file-writer.js';

/** Bytes of the arguments of opcodes; those that are not here have none. */
const FIXED: Readonly<Record<string, number>> = {
  '\x80': 1,
  J: 4,
  K: 1,
  M: 2,
  G: 8,
  q: 1,
  r: 4,
  h: 1,
  j: 4,
  '\x95': 8,
};
/** Bytes of the length in front of the argument. */
const COUNTED: Readonly<Record<string, 1 | 4 | 8>> = {
  U: 1,
  C: 1,
  T: 4,
  B: 4,
  X: 4,
  '\x8c': 1,
  '\x8d': 8,
  '\x8e': 8,
  '\x8a': 1,
  '\x8b': 4,
};

/** The opcodes of a well-formed pickle, each with its arguments. */
export function opcodes(pickle: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < pickle.length; ) {
    const end = at + 1 + argumentBytes(pickle, at);
    found.push(pickle.subarray(at, end));
    at = end;
  }
  return found;
}

function argumentBytes(pickle: Buffer, at: number): number {
  const code = String.fromCharCode(pickle[at] as number);
  if (code === 'c') return pickle.indexOf('\n', pickle.indexOf('\n', at) + 1) - at;
  const width = COUNTED[code];
  if (width === undefined) return FIXED[code] ?? 0;
  return width + pickle.readUIntLE(at + 1, Math.min(width, 4));
}

const ALL_CODES: readonly string[] =
  '()].012BCGJKMNQRTUX]abcdehijlqrstu}\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95'.split(
    '',
  );

const NAMES: readonly (readonly [string, string])[] = [
  ['os', 'system'],
  ['builtins', 'eval'],
  ['__builtin__', 'exec'],
  ['builtins', 'getattr'],
  ['builtins', 'dict'],
  ['builtins', 'set'],
  ['constructor', 'prototype'],
  ['__proto__', 'x'],
  ['torch', 'FloatStorage'],
  ['torch', 'BoolStorage'],
  ['torch', 'Size'],
  ['torch._utils', '_rebuild_tensor'],
  ['torch._utils', '_rebuild_tensor_v2'],
  ['torch._utils', '_rebuild_parameter'],
  ['collections', 'OrderedDict'],
  ['argparse', 'Namespace'],
  ['', ''],
];

/** Something that a pickle may leave on the stack, harmless or not. */
function snippet(random: SeededRandom): Buffer {
  const [module, name] = random.pick(NAMES);
  const count = random.size(3000);
  const makers: readonly (() => Buffer)[] = [
    () => global(module, name),
    () => call(global(module, name), text('touch owned')),
    () => op('', text(module), text(name), op('\x93')),
    () => op('(', text('touch owned'), Buffer.from(`i${module}\n${name}\n`)),
    () => op('('.repeat(count)),
    () => op(']'.repeat(count) + 'a'.repeat(random.below(count))),
    () => op('N' + '\x85'.repeat(count)),
    () =>
      op(']', put(0), ...Array<Buffer>(Math.min(count, 60)).fill(op('', get(0), get(0), op('\x86'), put(0)))),
    () => op(']', put(3), get(3), op('a')),
    () => op('', emptyDict, put(3), text('model'), get(3), op('s')),
    () => op('N' + '\x94'.repeat(count)),
    () => op('N', put(random.size(2 ** 32 - 1))),
    () => get(random.size(2 ** 32 - 1)),
    () => text(random.pick(['model', 'module', '__proto__', 'é'.repeat(count), '\x1b[2J', '../'.repeat(20)])),
    () => op(random.pick(['X', 'T', 'B', '\x8b']), extreme(random, 4), random.bytes(random.below(9))),
    () => op(random.pick(['\x8d', '\x8e', '\x95']), extreme(random, 8)),
    () => op('\x8a', extreme(random, 1), random.bytes(16)),
    () => int(extreme(random, 4).readInt32LE()),
    () => tuple(text('storage'), global(module, name), text('0'), text('cpu'), int(count)),
    () => op('Q'),
    () => randomTensor(random),
  ];
  return random.pick(makers)();
}

function randomTensor(random: SeededRandom): Buffer {
  const axes = random.chance(0.1) ? random.size(60) : random.below(4);
  const number = (): number =>
    random.chance(0.3) ? extreme(random, 4).readInt32LE() : random.below(random.chance(0.5) ? 4 : 40);
  return tensor({
    key: random.pick(['0', '1', 'data.pkl', '../0', '', '__proto__']),
    storage: random.pick(['FloatStorage', 'HalfStorage', 'BoolStorage', 'DoubleStorage', 'Size']),
    offset: number(),
    shape: Array.from({ length: axes }, number),
    strides: Array.from({ length: random.chance(0.9) ? axes : random.below(5) }, number),
    elements: number(),
    ...(random.chance(0.5) ? { legacy: true } : {}),
  });
}

/** One to eight changes to the opcodes, after which the pickle may mean anything or nothing. */
export function mutatedPickle(random: SeededRandom, pickle: Buffer): Buffer {
  const parts = opcodes(pickle);
  for (let changes = random.size(8); changes > 0; changes--) change(random, parts);
  return Buffer.concat(parts);
}

function change(random: SeededRandom, parts: Buffer[]): void {
  const at = random.below(parts.length);
  const other = random.below(parts.length);
  const part = parts[at] as Buffer;
  const changes: readonly (() => void)[] = [
    () => parts.splice(at, 1),
    () => parts.splice(at, 0, snippet(random)),
    () => parts.splice(at, 1, snippet(random)),
    // Before the end, where a dictionary of weights lies open.
    () => parts.splice(parts.length - 2, 0, text('x'), snippet(random)),
    () => parts.splice(parts.length - 2, 0, text('y'), randomTensor(random)),
    () => parts.splice(other, 0, part),
    () => parts.splice(at, 2, ...parts.slice(at, at + 2).toReversed()),
    () => parts.splice(at, 0, ...parts.slice(other, other + random.size(40))),
    () => parts.splice(at, random.size(20)),
    () => parts.splice(at, 1, op(random.pick(ALL_CODES), part.subarray(1))),
    () =>
      parts.splice(
        at,
        1,
        Buffer.concat([
          part.subarray(0, 1),
          extreme(random, 8).subarray(0, part.length - 1),
          part.subarray(9),
        ]),
      ),
    () => parts.splice(at, 0, op(random.pick(ALL_CODES).repeat(random.size(2000)))),
  ];
  random.pick(changes)();
  if (parts.length === 0) parts.push(op('.'));
}
