/** A model of the released base size with random weights: as slow as an official one, and as wise as dice. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Precision } from '../src/encoder/mod.js';
import { loadTokenizer } from '../src/encoder/tokenizer/tokenizer.js';
import { EMBEDDED_MODEL } from './embedded-model.js';
import { BASE, writeRandomCheckpoint } from './random-checkpoint.js';
import { runTrial } from './trial.js';
import type { ImportTrial } from './trials/import.js';

export const IMAGE_SIZE = 224;

/** Rows that released text tables have behind the last piece. */
const SPARE_ROWS = 9;

/** From dist/bench/random-model.js. */
const OFFICIAL_TOKENIZER = fileURLToPath(new URL('../../../shared/model/beit3.spm', import.meta.url));

export interface Vocabulary {
  /** Of a SentencePiece model. */
  readonly tokenizer: string;
  /** Rows of its text table. */
  readonly vocabulary: number;
}

/** The official tokenizer where it lies beside the repository, otherwise that of the embedded model. */
export async function largestVocabulary(): Promise<Vocabulary> {
  const tokenizer = existsSync(OFFICIAL_TOKENIZER)
    ? OFFICIAL_TOKENIZER
    : join(EMBEDDED_MODEL, 'tokenizer.spm');
  return { tokenizer, vocabulary: (await loadTokenizer(tokenizer)).maskId + SPARE_ROWS };
}

/** @returns the folder of the bundle, within the given one */
export async function randomBase(folder: string, precision: Precision): Promise<string> {
  const words = await largestVocabulary();
  const checkpoint = join(folder, 'base.pth');
  const plan = {
    size: BASE,
    vocabulary: words.vocabulary,
    imageSize: IMAGE_SIZE,
    family: 'retrieval',
  } as const;
  await writeRandomCheckpoint(checkpoint, plan);
  const bundle = join(folder, `base-${precision}`);
  const { tokenizer } = words;
  await runTrial<ImportTrial>('import', { checkpoint, tokenizer, folder: bundle, precision });
  await rm(checkpoint);
  return bundle;
}
