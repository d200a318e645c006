/** Tables of captions, with commas, semicolons, bars or tabs between named columns: the only file that knows csv-parse. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type CaptionEntry, captionColumns, invalidCaption } from './caption-entry.js';

const EXPECTED = 'named columns, one of them called caption, text, description, comment or sentence';
const DELIMITERS = [',', '\t', ';', '|'] as const;
/** A row that is longer is a quote that was never closed. */
const MAX_ROW_CHARACTERS = 256 * 1024;
const HEADER_BYTES = 16 * 1024;

export interface TableShape {
  readonly delimiter: string;
  readonly caption: number;
  readonly image: number;
}

/** What the first line of a file says; undefined where it names no column of captions. */
export async function tableShape(path: string): Promise<TableShape | undefined> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  const [header = ''] = buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  for (const delimiter of DELIMITERS) {
    const names = header.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
    const { caption, image } = captionColumns(names);
    if (names.length > 1 && caption >= 0) return { delimiter, caption, image };
  }
  return undefined;
}

interface Row {
  readonly record: readonly string[];
  /** Lines read so far. */
  readonly info: { readonly lines: number };
}

/** Rows without a caption are passed over. @throws ERR_CAPTIONS_INVALID, and what the system says of the file */
export async function* readTable(path: string, shape?: TableShape): AsyncGenerator<CaptionEntry> {
  const { delimiter, caption, image } = shape ??
    (await tableShape(path)) ?? { delimiter: ',', caption: -1, image: -1 };
  if (caption < 0) throw invalidCaption(path, 1, EXPECTED, 'its first line names none');
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    fromLine: 2,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    maxRecordSize: MAX_ROW_CHARACTERS,
  });
  // What goes wrong with the file reaches the reader of the rows.
  const rows = pipeline(createReadStream(path, 'utf8'), parser, () => {});
  try {
    for await (const { record, info } of rows as AsyncIterable<Row>) {
      const text = record[caption]?.trim();
      if (!text) continue;
      yield { line: info.lines, text, image: record[image]?.trim() || null };
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw invalidCaption(path, Number(error['lines'] ?? 1), EXPECTED, error.message);
    throw error;
  } finally {
    rows.destroy();
  }
}
