import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SightlineError } from '#src/core/errors.js';
import {
  expectRefusal,
  matrix,
  refusal,
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
  get,
  global,
  int,
  op,
  pickle,
  put,
  text,
  torchLegacy,
  torchZip,
  tuple,
  u64,
} from '../support/torch-file-writer.js';

describe('files that ask to run code', () => {
  const stackGlobal = Buffer.concat([text('os'), text('system'), op('\x93')]);
  const shell = text('touch owned');

  test.each<[string, Buffer, RegExp]>([
    ['os.system', call(global('os', 'system'), shell), /asks for "os\.system"/],
    ['posix.system', call(global('posix', 'system'), shell), /"posix\.system"/],
    ['builtins.eval', call(global('builtins', 'eval'), text('1')), /"builtins\.eval"/],
    ['eval of Python 2', call(global('__builtin__', 'eval'), text('1')), /"builtins\.eval"/],
    ['a name from the stack', call(stackGlobal, shell), /"os\.system"/],
    ['the INST opcode', op('(', shell, Buffer.from('ios\nsystem\n')), /"os\.system"/],
    ['a name only', global('subprocess', 'Popen'), /"subprocess\.Popen"/],
    [
      'a class nobody listed',
      global('torch.nn.modules.linear', 'Linear'),
      /torch\.nn\.modules\.linear\.Linear/,
    ],
    ['a name with control characters', global('os\x1b[2J', 'system'), /"os\\u001b\[2J\.system"/],
  ])('%s', async (_, attack, reason) => {
    const hidden = stateDict(text('w'), matrix, text('x'), attack);
    for (const bytes of [torchZip(hidden, { 0: SIX }), pickle(attack), torchLegacy(pickle(attack), {})]) {
      await expectRefusal(bytes, 'ERR_CHECKPOINT_UNSAFE', reason);
      expect((await refusal(bytes)).message).toContain('Nothing of it was run');
    }
  });
});

describe('files that are cut off', () => {
  test.each([
    ['torch-zip', tiny],
    ['torch-legacy', tinyLegacy],
    ['safetensors', tinySafetensors],
  ])('%s, at any byte', async (_, bytes) => {
    for (let length = 0; length < bytes.length; length += 3)
      expect((await refusal(bytes.subarray(0, length))).code, `at ${length}`).toBe('ERR_CHECKPOINT_FORMAT');
  });

  test.each([
    ['torch-zip', tiny],
    ['torch-legacy', tinyLegacy],
    ['safetensors', tinySafetensors],
  ])('%s with a byte changed is refused by name or read', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = byte;
        try {
          await withFile(damaged, async (checkpoint) => {
            for (const name of checkpoint.tensors.keys()) await checkpoint.readBytes(name);
          });
        } catch (error) {
          expect((error as SightlineError).code).toMatch(/^ERR_CHECKPOINT_/);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** What `add` puts in refers by memo 0 to what `made` left on the stack. */
const self = (made: Buffer, add: Buffer): Buffer => Buffer.concat([made, put(0), add]);

describe('pickles that mean to exhaust the reader', () => {
  const huge = Buffer.alloc(4, 0xff);

  test.each<[string, Buffer, RegExp]>([
    ['a dictionary in itself', self(emptyDict, op('', text('model'), get(0), op('s'))), /no tensors/],
    ['a list in itself', self(op(']'), op('', get(0), op('a'))), /dictionary/],
    [
      'a list doubled and doubled',
      self(op(']'), Buffer.concat(Array(1000).fill(op('', get(0), get(0), op('\x86'), put(0))))),
      /dictionary/,
    ],
    ['a memo never set', get(5), /memo 5, which was never set/],
    ['a memo that cannot exist', op('N', op('r', huge)), /memo 4294967295, which cannot exist/],
    ['a text of 4 GB', op('X', huge), /4294967295 bytes where/],
    ['a text of 2^63 bytes', op('\x8d', u64(2n ** 63n)), /bytes where/],
    ['bytes of 2^63 bytes', op('\x8e', u64(2n ** 63n)), /bytes where/],
    ['a frame of 2^63 bytes', op('\x95', u64(2n ** 63n)), /bytes where/],
    ['an integer of 4 GB', op('\x8b', huge), /integer of 4294967295 bytes/],
    ['a class name without end', op('c', Buffer.alloc(5000, 0x61)), /without an end/],
    ['marks in marks', op('('.repeat(100_000)), /nested deeper/],
    ['a mountain of values', op('N'.repeat(2_000_000)), /piles up/],
    ['a mountain of memos', op('N' + '\x94'.repeat(2_000_000)), /remembers more/],
    ['more taken than made', op('0'), /more values than it made/],
    ['a tuple without its mark', op('t'), /more values than it made/],
    ['an opcode of another protocol', op('I1\n'), /opcode 0x49 at byte 2/],
    ['protocol 5', op('\x80\x05'), /protocol 5/],
    ['calling data', op('N)R'), /not a class/],
    ['appending to a number', op('NNa'), /not a list/],
    ['a dictionary with half a pair', Buffer.concat([emptyDict, op('(Nu')]), /not a dictionary/],
    ['a storage that is called', call(global('torch', 'FloatStorage'), int(1)), /only ever names/],
    ['a storage without a name', op('NQ'), /other than a tuple/],
    [
      'a storage of a class that is none',
      op('', tuple(text('storage'), global('torch', 'Size'), text('0')), op('Q')),
      /torch\.Size as a storage/,
    ],
  ])('%s', async (_, body, reason) => {
    const start = performance.now();
    await expectRefusal(torchZip(pickle(body)), 'ERR_CHECKPOINT_FORMAT', reason);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
