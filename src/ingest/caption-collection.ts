/**
 * Caption collections: `.jsonl` with one `{"image"?, "caption"}` a line, `.txt` with one caption a line, tables with named
 * columns, datasets in the Karpathy format. Read as a stream, twice: once to check it whole, so that a damaged collection
 * changes nothing, and once to ingest it.
 */
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { pathError } from '../core/errors.js';
import type { CaptionLine } from '../core/ports.js';
import { readDataset } from './caption-dataset.js';
import { type CaptionEntry, captionColumns, checkedCaption, invalidCaption } from './caption-entry.js';
import { readTable, tableShape } from './caption-table.js';
import { contentHash } from './content-hash.js';

const EXPECTED_JSON = '{"image"?: "…", "caption": "…"} on every line';

function parseEntry(path: string, line: number, source: string): CaptionEntry {
  const fault = (reason: string): Error => invalidCaption(path, line, EXPECTED_JSON, reason);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw fault('it is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw fault('it is no object');
  const fields = Object.entries(value);
  const { caption, image } = captionColumns(fields.map(([name]) => name));
  const [, text] = fields[caption] ?? [];
  const [imageField, file = null] = fields[image] ?? [];
  if (typeof text !== 'string') throw fault('it has no caption that is a text');
  if (text.trim() === '') throw fault('caption: must not be empty');
  if (file !== null && typeof file !== 'string') throw fault(`${imageField}: is no text`);
  return { line, text: text.trim(), image: file };
}

async function* readLines(path: string, isJson: boolean): AsyncGenerator<CaptionEntry> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  let line = 0;
  try {
    for await (const read of lines) {
      line++;
      const source = line === 1 ? read.replace(/^\ufeff/, '') : read;
      if (source.trim() === '') continue;
      yield isJson ? parseEntry(path, line, source) : { line, text: source.trim(), image: null };
    }
  } finally {
    lines.close();
  }
}

/** A `.txt` whose first line names columns is a table, as some datasets are published. */
async function* entriesOf(path: string): AsyncGenerator<CaptionEntry> {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return yield* readDataset(path);
  if (extension === '.jsonl') return yield* readLines(path, true);
  if (extension === '.csv' || extension === '.tsv') return yield* readTable(path);
  const shape = await tableShape(path);
  const isTable = shape !== undefined && shape.image >= 0;
  return yield* isTable ? readTable(path, shape) : readLines(path, false);
}

/**
 * The captions with their line numbers, from 1; blank lines are passed over.
 * @param photo the picture that all of them are about: the collection is a text beside it
 * @throws ERR_CAPTIONS_INVALID, ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE
 */
export async function* readCollection(path: string, photo?: string): AsyncGenerator<CaptionLine> {
  try {
    for await (const entry of entriesOf(path)) {
      const { line, text, image } = checkedCaption(path, entry);
      yield { line, text, image: photo ?? image, contentHash: contentHash(text) };
    }
  } catch (error) {
    throw pathError(error, path, 'ERR_CAPTIONS_INVALID');
  }
}

/** Checks the whole collection and counts its captions. @throws ERR_CAPTIONS_INVALID naming the first bad line */
export async function countCaptions(path: string): Promise<number> {
  let count = 0;
  for await (const _ of readCollection(path)) count++;
  return count;
}
