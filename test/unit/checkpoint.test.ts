import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';
import {
  expectRefusal,
  matrix,
  SIX,
  stateDict,
  tiny,
  tinyLegacy,
  tinySafetensors,
  withFile,
} from '../support/checkpoint-trial.js';
import {
  call,
  emptyDict,
  fill,
  floats,
  global,
  int,
  none,
  op,
  pickle,
  safetensors,
  tensor,
  text,
  torchZip,
  u64,
  zip,
} from '../support/torch-file-writer.js';

describe('what is read', () => {
  test.each([
    ['torch-zip', tiny],
    ['torch-legacy', tinyLegacy],
    ['safetensors', tinySafetensors],
  ])('%s', async (format, bytes) => {
    await withFile(bytes, async (checkpoint) => {
      expect(checkpoint.format).toBe(format);
      expect([...checkpoint.tensors.values()]).toEqual([{ name: 'w', dtype: 'float32', shape: [2, 3] }]);
      expect([...(await checkpoint.readFloat32('w'))]).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await checkpoint.readBytes('w')).toEqual(SIX);
      await expect(checkpoint.readFloat32('v')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_FORMAT' });
    });
  });

  test.each([
    ['transposed', { shape: [3, 2], strides: [1, 3] }, [1, 4, 2, 5, 3, 6]],
    ['a column', { shape: [2], strides: [3], offset: 1 }, [2, 5]],
    ['a row', { shape: [3], strides: [1], offset: 3 }, [4, 5, 6]],
    ['a scalar', { shape: [], strides: [], offset: 5 }, [6]],
    ['nothing', { shape: [0, 7], strides: [7, 1], offset: 6 }, []],
    ['an axis of one with any stride', { shape: [1, 6], strides: [99, 1] }, [1, 2, 3, 4, 5, 6]],
    ['three axes', { shape: [3, 1, 2], strides: [1, 0, 3] }, [1, 4, 2, 5, 3, 6]],
  ])('a view: %s', async (_, layout, expected) => {
    const bytes = torchZip(stateDict(text('w'), tensor({ ...layout, elements: 6 })), { 0: SIX });
    expect([...(await withFile(bytes, (file) => file.readFloat32('w')))]).toEqual(expected);
  });

  test.each([
    ['HalfStorage', Uint16Array.of(0x3c00, 0x0001, 0xfc00), [1, 2 ** -24, -Infinity]],
    ['BFloat16Storage', Uint16Array.of(0x3f80, 0x0001, 0xff80), [1, 2 ** -133, -Infinity]],
    ['DoubleStorage', Float64Array.of(1, 0.1, -1e300), [1, Math.fround(0.1), -Infinity]],
  ])('floats from %s', async (storage, values, expected) => {
    const root = stateDict(text('w'), tensor({ storage, shape: [3], strides: [1], elements: 3 }));
    const bytes = torchZip(root, { 0: new Uint8Array(values.buffer) });
    expect([...(await withFile(bytes, (file) => file.readFloat32('w')))]).toEqual(expected);
  });

  test('integers only as bytes', async () => {
    const spec = { storage: 'LongStorage', shape: [2, 2], strides: [1, 2], elements: 4 };
    const bytes = torchZip(stateDict(text('steps'), tensor(spec)), {
      0: new Uint8Array(BigInt64Array.of(1n, 2n, 3n, -4n).buffer),
    });
    await withFile(bytes, async (checkpoint) => {
      const read = await checkpoint.readBytes('steps');
      expect([...new BigInt64Array(read.slice().buffer)]).toEqual([1n, 3n, 2n, -4n]);
      await expect(checkpoint.readFloat32('steps')).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_UNSUPPORTED',
        message: expect.stringContaining('steps holds int64'),
      });
    });
  });

  test.each(['model', 'module'])('the weights under %s, and what is beside them as skipped', async (key) => {
    const weights = fill(emptyDict, text('w'), matrix, text('note'), text('hello'));
    const namespace = Buffer.concat([global('argparse', 'Namespace'), op(')\x81'), emptyDict, op('b')]);
    const bytes = torchZip(
      pickle(fill(emptyDict, text('epoch'), int(3), text(key), weights, text('args'), namespace)),
      {
        0: SIX,
      },
    );
    await withFile(bytes, async ({ tensors, skipped }) => {
      expect([...tensors.keys()]).toEqual(['w']);
      expect(skipped).toEqual(['epoch', 'args', 'note']);
    });
  });

  test('names that would be special to JavaScript are names', async () => {
    const bytes = torchZip(stateDict(text('__proto__'), matrix, text('constructor'), matrix), { 0: SIX });
    const names = await withFile(bytes, async ({ tensors }) => [...tensors.keys()]);
    expect(names).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'dtype')).toBe(false);
  });

  test('a dictionary with attributes', async () => {
    const weights = fill(call(global('collections', 'OrderedDict')), text('w'), matrix);
    const attributes = fill(emptyDict, text('_metadata'), call(global('collections', 'OrderedDict')));
    const bytes = torchZip(pickle(weights, attributes, op('b')), { 0: SIX });
    expect(await withFile(bytes, async ({ tensors }) => tensors.size)).toBe(1);
  });
});

describe('files that are something else', () => {
  test.each([
    ['empty', '', /is empty/],
    ['text', 'just a text that is long enough', /begins neither/],
    ['a web page', '\n<!DOCTYPE html><html>', /web page/],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid', /git lfs pull/],
  ])('%s', async (_, content, reason) => {
    await expectRefusal(Buffer.from(content), 'ERR_CHECKPOINT_FORMAT', reason);
  });

  test('other zip archives', async () => {
    const data = new Uint8Array(3);
    await expectRefusal(
      zip([{ name: 'a/b.txt', data }]),
      'ERR_CHECKPOINT_FORMAT',
      /0 entries <name>\/data\.pkl/,
    );
    const program = ['s/data.pkl', 's/constants.pkl'].map((name) => ({ name, data }));
    await expectRefusal(zip(program), 'ERR_CHECKPOINT_UNSUPPORTED', /TorchScript/);
  });

  test('a pickle that torch.save did not write', async () => {
    await expectRefusal(pickle(int(7)), 'ERR_CHECKPOINT_FORMAT', /not one that torch\.save wrote/);
  });

  test('a folder, and nothing at all', async () => {
    await expect(openCheckpoint(tmpdir())).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_FORMAT' });
    await expect(openCheckpoint('no/such/file.pth')).rejects.toMatchObject({ code: 'ERR_PATH_NOT_FOUND' });
  });
});

const alone = (spec: { shape: readonly number[]; strides: readonly number[]; offset?: number }): Buffer =>
  torchZip(stateDict(text('w'), tensor({ ...spec, elements: 6 })), { 0: SIX });

describe('tensors that do not fit', () => {
  test.each<[string, Buffer, string, RegExp]>([
    ['too large', alone({ shape: [7], strides: [1] }), 'FORMAT', /tensor w needs 7 elements .* holds 6/],
    ['too far', alone({ shape: [2], strides: [1], offset: 5 }), 'FORMAT', /tensor w needs 7 elements/],
    ['strides too wide', alone({ shape: [2, 3], strides: [4, 1] }), 'FORMAT', /tensor w needs 7 elements/],
    [
      'a negative size',
      alone({ shape: [-1, 6], strides: [6, 1] }),
      'FORMAT',
      /tensor w .*impossible shape \[-1, 6\]/,
    ],
    ['a negative stride', alone({ shape: [6], strides: [-1] }), 'FORMAT', /impossible/],
    ['a negative offset', alone({ shape: [1], strides: [1], offset: -1 }), 'FORMAT', /impossible/],
    ['a stride missing', alone({ shape: [2, 3], strides: [3] }), 'FORMAT', /impossible/],
    ['absurd', alone({ shape: [2 ** 30, 2 ** 30], strides: [2 ** 30, 1] }), 'FORMAT', /tensor w needs/],
    [
      'repeating',
      alone({ shape: [2 ** 30, 6], strides: [0, 1] }),
      'UNSUPPORTED',
      /tensor w repeats .*contiguous/,
    ],
    ['no storage', torchZip(stateDict(text('w'), matrix)), 'FORMAT', /tensor w lies in archive\/data\/0/],
    ['short storage', torchZip(stateDict(text('w'), matrix), { 0: floats(1) }), 'FORMAT', /holds 1/],
    ['no tensors', torchZip(stateDict(text('w'), none)), 'FORMAT', /no tensors/],
    ['no dictionary', torchZip(pickle(int(1))), 'FORMAT', /dictionary/],
  ])('%s', async (_, bytes, code, reason) => {
    await expectRefusal(bytes, `ERR_CHECKPOINT_${code}`, reason);
  });

  test('a legacy storage that claims more than the file has', async () => {
    const bytes = Buffer.from(tinyLegacy);
    bytes.set(u64(2n ** 62n), bytes.length - 32);
    await expectRefusal(bytes, 'ERR_CHECKPOINT_FORMAT', /storage 0 of 4611686018427387904 elements/);
    bytes.set(u64(2n ** 64n - 1n), bytes.length - 32);
    await expectRefusal(bytes, 'ERR_CHECKPOINT_FORMAT', /storage 0 of -1 elements/);
  });
});

describe('zip archives', () => {
  const data = stateDict(text('w'), matrix);

  test.each([
    '../archive/data.pkl',
    '/archive/data.pkl',
    'archive/../../data.pkl',
    'C:/data.pkl',
    'archive\\data.pkl',
  ])('an entry named %s', async (name) => {
    await expectRefusal(zip([{ name, data }]), 'ERR_CHECKPOINT_FORMAT', /zip archive is damaged or cut off/);
  });

  test('an entry that is there twice', async () => {
    const entry = { name: 'archive/data.pkl', data };
    await expectRefusal(zip([entry, entry]), 'ERR_CHECKPOINT_FORMAT', /twice/);
  });

  test('a compressed entry', async () => {
    const bytes = zip([{ name: 'archive/data.pkl', data, method: 8 }]);
    await expectRefusal(bytes, 'ERR_CHECKPOINT_UNSUPPORTED', /compressed.*zip -0/);
  });

  test('numbers in the other byte order', async () => {
    const byteorder = { name: 'archive/byteorder', data: Buffer.from('big') };
    const bytes = zip([{ name: 'archive/data.pkl', data }, byteorder]);
    await expectRefusal(bytes, 'ERR_CHECKPOINT_UNSUPPORTED', /"big"/);
  });
});

const entry = (fields: object): object => ({
  w: { dtype: 'F32', shape: [6], data_offsets: [0, 24], ...fields },
});

describe('safetensors', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['an unknown dtype', entry({ dtype: 'F8_E4M3' }), 'UNSUPPORTED', /type F8_E4M3/],
    ['a wrong size', entry({ shape: [5] }), 'FORMAT', /tensor w, F32 \[5\], does not fit/],
    ['offsets beyond the end', entry({ shape: [7], data_offsets: [0, 28] }), 'FORMAT', /does not fit/],
    ['offsets in reverse', entry({ shape: [0], data_offsets: [24, 0] }), 'FORMAT', /does not fit/],
    ['a negative size', entry({ shape: [-6] }), 'FORMAT', /other fields/],
    ['no offsets', { w: { dtype: 'F32', shape: [6] } }, 'FORMAT', /other fields/],
    ['a gap', entry({ shape: [5], data_offsets: [4, 24] }), 'FORMAT', /overlap or leave gaps/],
    ['something behind the tensors', entry({ shape: [5], data_offsets: [0, 20] }), 'FORMAT', /goes on/],
    [
      'two tensors in one place',
      { ...entry({}), v: { dtype: 'F32', shape: [6], data_offsets: [0, 24] } },
      'FORMAT',
      /overlap/,
    ],
    ['metadata alone', { __metadata__: {} }, 'FORMAT', /no tensors/],
  ])('%s', async (_, header, code, reason) => {
    await expectRefusal(safetensors(header, SIX), `ERR_CHECKPOINT_${code}`, reason);
  });

  test('a header that is not JSON, or too long', async () => {
    const broken = Buffer.concat([u64(4), Buffer.from('{not')]);
    await expectRefusal(broken, 'ERR_CHECKPOINT_FORMAT', /not JSON/);
    const long = Buffer.concat([u64(2n ** 60n), Buffer.from('{}')]);
    await expectRefusal(long, 'ERR_CHECKPOINT_FORMAT', /header of 1152921504606846976 bytes/);
  });
});
