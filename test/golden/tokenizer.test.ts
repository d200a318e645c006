import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Normalizer } from '#src/encoder/tokenizer/normalizer.js';
import { parseSentencePiece } from '#src/encoder/tokenizer/sentencepiece-model.js';
import { parseTokenizer } from '#src/encoder/tokenizer/tokenizer.js';
import { Unigram } from '#src/encoder/tokenizer/unigram.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

interface Row {
  readonly category: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly input_ids_max64: readonly number[] | null;
  readonly pieces?: readonly string[];
  readonly spm_ids?: readonly number[];
  readonly normalized?: string;
}

interface Goldens {
  readonly pieces: number;
  readonly mask_token_id: number;
  readonly rows: readonly Row[];
}

function compare(modelPath: string, goldenPath: string): void {
  const bytes = readFileSync(modelPath);
  const goldens: Goldens = JSON.parse(readFileSync(goldenPath, 'utf8'));
  const tokenizer = parseTokenizer(bytes);
  const model = parseSentencePiece(bytes, modelPath);
  const normalizer = new Normalizer(model.normalizer, undefined);
  const unigram = new Unigram(model.pieces);
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

  test('the numbering ends with <mask>', () => {
    expect(tokenizer.pieces).toBe(goldens.pieces);
    expect(tokenizer.maskId).toBe(goldens.mask_token_id);
  });

  test.each(goldens.rows.map((row) => [JSON.stringify(row.text).slice(0, 60), row] as const))(
    '%s',
    (_, row) => {
      expect(tokenizer.encode(row.text)).toEqual(row.ids);
      const { ids, truncated } = tokenizer.tokenize(row.text, 64);
      expect(ids).toEqual(row.input_ids_max64 ?? [0, 2]);
      expect(truncated).toBe(row.ids.length > 62);

      const normalized = normalizer.normalize(row.text);
      const segments = unigram.segment(normalized);
      if (row.normalized !== undefined) expect(utf8.decode(normalized)).toBe(row.normalized);
      if (row.spm_ids) expect(segments.map(({ id }) => id)).toEqual(row.spm_ids);
      // The pieces of the other rows are those between literal special tokens.
      if (row.pieces && row.category !== 'special')
        expect(segments.map(({ start, end }) => utf8.decode(normalized.subarray(start, end)))).toEqual(
          row.pieces,
        );
    },
  );
}

describe('a small model', () => {
  const fixtures = fileURLToPath(new URL('../fixtures/tokenizer/', import.meta.url));
  compare(`${fixtures}tiny.spm`, `${fixtures}tiny.json`);
});

const missing = lacksShared('model/beit3.spm') || lacksShared('goldens/tokenizer/beit3.json');
describe.skipIf(missing)('the official model', () => {
  if (!missing) compare(sharedPath('model/beit3.spm'), sharedPath('goldens/tokenizer/beit3.json'));
});
