import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import { describe, expect, test } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import { loadTokenizer, parseTokenizer, type Tokenizer } from '#src/encoder/tokenizer/tokenizer.js';
import { Unigram } from '#src/encoder/tokenizer/unigram.js';

const tinyBytes = readFileSync(fileURLToPath(new URL('../fixtures/tokenizer/tiny.spm', import.meta.url)));
const tiny = parseTokenizer(tinyBytes);

const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const UNUSED = 5;

type PieceSpec = readonly [text: string, score: number, kind?: number];

const SPECIALS: readonly PieceSpec[] = [
  ['<unk>', 0, UNKNOWN],
  ['<s>', 0, CONTROL],
  ['</s>', 0, CONTROL],
];

interface ModelSpec {
  readonly pieces: readonly PieceSpec[];
  readonly modelType?: number;
  readonly byteFallback?: boolean;
  readonly whitespaceAsSuffix?: boolean;
  readonly keepSpaces?: boolean;
  readonly characterMap?: Uint8Array;
  readonly cutOff?: boolean;
}

/** The bytes of a SentencePiece model; field numbers as in its .proto file. */
function model(spec: ModelSpec): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [text, score, kind = 1] of spec.pieces)
    writer
      .uint32(0x0a)
      .fork()
      .uint32(0x0a)
      .string(text)
      .uint32(0x15)
      .float(score)
      .uint32(0x18)
      .int32(kind)
      .ldelim();
  if (spec.cutOff) return writer.finish();
  writer
    .uint32(0x12)
    .fork()
    .uint32(0x18)
    .int32(spec.modelType ?? 1);
  writer.uint32(0xc0).bool(spec.whitespaceAsSuffix ?? false);
  writer
    .uint32(0x118)
    .bool(spec.byteFallback ?? false)
    .ldelim();
  writer.uint32(0x1a).fork().uint32(0x20).bool(!spec.keepSpaces);
  if (spec.characterMap) writer.uint32(0x12).bytes(spec.characterMap);
  return writer.ldelim().finish();
}

const tokenizerOf = (...pieces: readonly PieceSpec[]): Tokenizer =>
  parseTokenizer(model({ pieces: [...SPECIALS, ...pieces] }));

function refusal(bytes: Uint8Array): string {
  try {
    parseTokenizer(bytes, 'x.spm');
  } catch (error) {
    expect(error).toBeInstanceOf(SightlineError);
    expect((error as SightlineError).code).toBe('ERR_TOKENIZER_INVALID');
    return (error as SightlineError).message;
  }
  throw new Error('The model was accepted.');
}

describe('models that are refused', () => {
  const one: PieceSpec = ['a', -1];
  const damagedMap = Uint8Array.of(8, 0, 0, 0, 1, 2, 3, 4);

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /ends before/],
    [
      'noise',
      Uint8Array.from({ length: 500 }, (_, i) => (i * 7919) % 251),
      /not a SentencePiece model|ends before/,
    ],
    ['a model cut off within a piece', tinyBytes.subarray(0, 1000), /cut short/],
    ['a model without its normaliser', model({ pieces: [...SPECIALS, one], cutOff: true }), /cut off/],
    ['a BPE model', model({ pieces: [...SPECIALS, one], modelType: 2 }), /BPE/],
    ['a model of a type yet unknown', model({ pieces: [...SPECIALS, one], modelType: 9 }), /type 9/],
    ['byte fallback', model({ pieces: [...SPECIALS, one], byteFallback: true }), /bytes/],
    [
      'other special pieces',
      model({ pieces: [['<pad>', 0, CONTROL], ...SPECIALS, one] }),
      /piece 0 is not <unk>/,
    ],
    ['special pieces alone', model({ pieces: SPECIALS }), /no ordinary pieces/],
    ['a piece twice', model({ pieces: [...SPECIALS, one, one] }), /piece 4 is there twice/],
    ['an empty piece', model({ pieces: [...SPECIALS, one, ['', -1]] }), /piece 4/],
    ['a score that is not finite', model({ pieces: [...SPECIALS, ['a', Number.NaN]] }), /piece 3/],
    [
      'a damaged character map',
      model({ pieces: [...SPECIALS, one], characterMap: damagedMap }),
      /character map/,
    ],
  ])('%s', (_, bytes, reason) => {
    const message = refusal(bytes);
    expect(message).toMatch(reason);
    expect(message).toMatch(/^x\.spm .* Use the beit3\.spm/);
  });

  test('every cut is noticed', () => {
    for (let length = 0; length < tinyBytes.length; length += 997) refusal(tinyBytes.subarray(0, length));
  });

  test('damage anywhere is noticed or harmless', () => {
    const position = fc.nat(tinyBytes.length - 1);
    fc.assert(
      fc.property(position, fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(tinyBytes);
        damaged[at] = byte;
        try {
          parseTokenizer(damaged).encode('a photo, ﬁne, ① 的 😀');
        } catch (error) {
          expect((error as SightlineError).code).toBe('ERR_TOKENIZER_INVALID');
        }
      }),
      // The tag of the first piece's text.
      { numRuns: 150, examples: [[18, 42]] },
    );
  });

  test('files say where they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sightline-tokenizer-'));
    const path = join(folder, 'broken.spm');
    await writeFile(path, 'no');
    await expect(loadTokenizer(path)).rejects.toMatchObject({ code: 'ERR_TOKENIZER_INVALID' });
    await expect(loadTokenizer(path)).rejects.toThrow(path);
    await expect(loadTokenizer(join(folder, 'none.spm'))).rejects.toMatchObject({
      code: 'ERR_PATH_NOT_FOUND',
    });
    await rm(folder, { recursive: true });
  });
});

describe('segmentation', () => {
  test('takes the better path, and of equal ones the first', () => {
    expect(tokenizerOf(['▁', -1], ['a', -1], ['b', -1], ['ab', -1.5]).encode('ab')).toEqual([4, 7]);
    expect(tokenizerOf(['▁', -1], ['a', -1], ['b', -1], ['ab', -2.5]).encode('ab')).toEqual([4, 5, 6]);
    // aab as aa+b or a+ab: the one whose last piece starts earlier is offered first.
    expect(tokenizerOf(['▁', -1], ['a', -1], ['b', -1], ['aa', -1], ['ab', -1]).encode('aab')).toEqual([
      4, 5, 8,
    ]);
  });

  test('gives one <unk> for a run of unknown characters', () => {
    const tokenizer = tokenizerOf(['▁', -1], ['a', -1]);
    expect(tokenizer.encode('a😀的éa')).toEqual([4, 5, 3, 5]);
    expect(tokenizer.encode('😀 😀')).toEqual([4, 3, 4, 3]);
  });

  test('keeps user-defined pieces whole and never uses unused ones', () => {
    const tokenizer = tokenizerOf(
      ['▁', -1],
      ['a', -1],
      ['b', -1],
      ['ab', -9, USER_DEFINED],
      ['ba', -0.1, UNUSED],
    );
    expect(tokenizer.encode('ab')).toEqual([4, 7]);
    expect(tokenizer.encode('ba')).toEqual([4, 6, 5]);
  });

  test('is as good as the best of all segmentations', () => {
    const alphabet = ['a', 'b', 'é'];
    const word = fc
      .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 3 })
      .map((s) => s.join(''));
    const vocabulary = fc.uniqueArray(fc.record({ text: word, eighths: fc.integer({ min: 1, max: 80 }) }), {
      selector: ({ text }) => text,
      minLength: 1,
      maxLength: 12,
    });
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(vocabulary, fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }), (pieces, letters) => {
        // Eighths add without rounding, so that the oracle need not imitate it.
        const scores = new Map(pieces.map(({ text, eighths }) => [text, -eighths / 8]));
        const unknown = Math.min(...scores.values()) - 10;
        const text = letters.join('');
        const unigram = new Unigram([
          { text: encoder.encode('<unk>'), score: 0, kind: UNKNOWN },
          ...[...scores].map(([piece, score]) => ({ text: encoder.encode(piece), score, kind: 1 })),
        ]);
        const bytes = encoder.encode(text);
        const total = unigram.segment(bytes).reduce((sum, { start, end }) => {
          const piece = new TextDecoder().decode(bytes.subarray(start, end));
          return sum + (scores.get(piece) ?? piece.length * unknown);
        }, 0);
        expect(total).toBe(bestScore(text, scores, unknown));
      }),
      { numRuns: 300 },
    );
  });
});

/** Tries every first piece; a character that is no piece of its own may also be unknown. */
function bestScore(text: string, scores: ReadonlyMap<string, number>, unknown: number): number {
  if (text === '') return 0;
  let best = scores.has(text.slice(0, 1)) ? -Infinity : unknown + bestScore(text.slice(1), scores, unknown);
  for (const [piece, score] of scores)
    if (text.startsWith(piece))
      best = Math.max(best, score + bestScore(text.slice(piece.length), scores, unknown));
  return best;
}

describe('normalisation', () => {
  test('a lone surrogate is a replacement character', () => {
    expect(tiny.encode('a\ud800b')).toEqual(tiny.encode('a\ufffdb'));
    expect(tiny.encode('\udc00')).toEqual(tiny.encode('\ufffd'));
  });

  test('follows the switches of the model', () => {
    const pieces: readonly PieceSpec[] = [...SPECIALS, ['▁', -1], ['a', -1], ['a▁', -1]];
    const suffix = parseTokenizer(model({ pieces, whitespaceAsSuffix: true }));
    expect(suffix.encode(' a  a ')).toEqual([6, 6]);
    const verbatim = parseTokenizer(model({ pieces, keepSpaces: true }));
    expect(verbatim.encode('a  a ')).toEqual([4, 6, 4, 6]);
  });
});

describe('special tokens', () => {
  test('white space of every kind is eaten on the left of <mask> only', () => {
    const [word] = [tiny.encode('a')];
    expect(tiny.encode('a\u2003\x1c\x85 <mask>')).toEqual([...word, tiny.maskId]);
    expect(tiny.encode('a<mask> a')).toEqual([...word, tiny.maskId, ...word]);
    expect(tiny.encode('<s><pad></s><unk><mask>')).toEqual([0, 1, 2, 3, tiny.maskId]);
  });

  test('a truncated text keeps its end token and says so', () => {
    const long = 'a photo of a cat. '.repeat(50);
    const { ids, truncated } = tiny.tokenize(long, 64);
    expect(ids).toHaveLength(64);
    expect(ids.slice(1, -1)).toEqual(tiny.encode(long).slice(0, 62));
    expect([ids[0], ids.at(-1), truncated]).toEqual([0, 2, true]);
    expect(tiny.tokenize('a', 64)).toEqual({ ids: [0, ...tiny.encode('a'), 2], truncated: false });
    expect(tiny.tokenize('a', 2)).toEqual({ ids: [0, 2], truncated: true });
    expect(() => tiny.tokenize('a', 1)).toThrow(RangeError);
  });

  test('decoding drops them, and ids that have no piece', () => {
    const { ids } = tiny.tokenize('A man riding a wave', 64);
    expect(tiny.decode([...ids, tiny.maskId, tiny.maskId + 5])).toBe('A man riding a wave');
    expect(tiny.decode([])).toBe('');
  });
});

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('size', () => {
  // Limits are ten times and more what they take, to fail for a wrong order of growth and not for a busy machine.
  test('long texts take time in proportion', () => {
    const text = 'Zwei Hunde spielen im Schnee, ﬁne ① 的 😀. '.repeat(5000);
    expect(milliseconds(() => tiny.encode(text))).toBeLessThan(2000);
    expect(milliseconds(() => tiny.encode(' '.repeat(1_000_000)))).toBeLessThan(2000);
    expect(milliseconds(() => tiny.encode('<mask>'.repeat(20_000)))).toBeLessThan(2000);
  });
});
