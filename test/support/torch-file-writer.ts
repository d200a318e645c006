/** Writes small checkpoints, well-formed and hostile, for tests: an assembler of pickles, and the three containers. */

const u8 = (value: number): Buffer => Buffer.from([value]);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** Opcodes by the letter that Python's pickletools prints for them. */
export const op = (code: string, ...args: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(code, 'latin1'), ...args]);

export const text = (value: string): Buffer => op('X', u32(Buffer.byteLength(value)), Buffer.from(value));
export const int = (value: number): Buffer => op('J', u32(value >>> 0));
export const global = (module: string, name: string): Buffer => op('c', Buffer.from(`${module}\n${name}\n`));
export const tuple = (...items: readonly Buffer[]): Buffer => op('(', ...items, Buffer.from('t'));
export const none: Buffer = op('N');
export const emptyDict: Buffer = op('}');
export const call = (callee: Buffer, ...args: readonly Buffer[]): Buffer =>
  Buffer.concat([callee, tuple(...args), op('R')]);
export const put = (index: number): Buffer => op('r', u32(index));
export const get = (index: number): Buffer => op('j', u32(index));

/** Fills the dictionary (or whatever it is) that `target` leaves on the stack. */
export const fill = (target: Buffer, ...keysAndValues: readonly Buffer[]): Buffer =>
  Buffer.concat([target, op('(', ...keysAndValues, Buffer.from('u'))]);

/** A whole pickle of protocol 2. */
export const pickle = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([op('\x80', u8(2)), ...parts, op('.')]);

export interface TensorSpec {
  readonly key?: string;
  readonly storage?: string;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly elements: number;
  readonly legacy?: true;
}

export function tensor(spec: TensorSpec): Buffer {
  const id = [
    text('storage'),
    global('torch', spec.storage ?? 'FloatStorage'),
    text(spec.key ?? '0'),
    text('cpu'),
    int(spec.elements),
    ...(spec.legacy ? [none] : []),
  ];
  return call(
    global('torch._utils', '_rebuild_tensor_v2'),
    Buffer.concat([tuple(...id), op('Q')]),
    int(spec.offset ?? 0),
    tuple(...spec.shape.map(int)),
    tuple(...spec.strides.map(int)),
    op('\x89'),
    call(global('collections', 'OrderedDict')),
  );
}

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
}

/** A zip archive of stored entries. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, method = 0 } of entries) {
    const shared = Buffer.concat([
      u16(20),
      u16(0),
      u16(method),
      u32(0),
      u32(0),
      u32(data.length),
      u32(data.length),
      u16(Buffer.byteLength(name)),
      u16(0),
    ]);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), data]);
    const rest = Buffer.concat([u16(0), u16(0), u16(0), u32(0), u32(offset), Buffer.from(name)]);
    files.push(file);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), u16(20), shared, rest]));
    offset += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = u16(entries.length);
  const end = [Buffer.from('PK\x05\x06'), u16(0), u16(0), count, count, u32(size), u32(offset), u16(0)];
  return Buffer.concat([...files, ...directory, ...end]);
}

export const floats = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

/** A file as torch.save writes it: `root` is the pickle, `storages` the numbers. */
export function torchZip(root: Buffer, storages: Readonly<Record<string, Uint8Array>> = {}): Buffer {
  const entries = Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data }));
  return zip([{ name: 'archive/data.pkl', data: root }, ...entries]);
}

const MAGIC = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');

/** The legacy form. Storages are float32. */
export function torchLegacy(root: Buffer, storages: Readonly<Record<string, Uint8Array>>): Buffer {
  const keys = Object.keys(storages);
  const list = pickle(op(']'), op('(', ...keys.map(text), Buffer.from('e')));
  const data = keys.flatMap((key) => {
    const bytes = storages[key] as Uint8Array;
    return [u64(bytes.length / 4), Buffer.from(bytes)];
  });
  const system = pickle(fill(emptyDict, text('little_endian'), op('\x88')));
  return Buffer.concat([pickle(MAGIC), pickle(op('M', u16(1001))), system, root, list, ...data]);
}

export function safetensors(header: unknown, data: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  return Buffer.concat([u64(json.length), json, data]);
}
