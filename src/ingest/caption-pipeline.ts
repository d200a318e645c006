import type { CaptionLine, DualEncoder, FileState, IngestLibrary } from '../core/ports.js';
import { readCollection } from './caption-collection.js';

export interface CaptionPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
}

const BATCH = 64;

export interface CaptionsDone {
  readonly done: number;
  /** Of these, texts that the library did not have. */
  readonly added: number;
}

async function commitLines(
  path: string,
  lines: readonly CaptionLine[],
  ports: CaptionPorts,
): Promise<CaptionsDone> {
  const { library, encoder } = ports;
  const fresh = new Map<string, CaptionLine>();
  for (const line of lines) if (!library.has('caption', line.contentHash)) fresh.set(line.contentHash, line);
  const texts = [...fresh.values()].map(({ text }) => text);
  const { embeddings } = texts.length === 0 ? { embeddings: [] } : await encoder.embedTexts(texts);
  const embedded = new Map([...fresh.keys()].map((hash, i) => [hash, embeddings[i] as Float32Array]));
  const withEmbeddings = lines.map((line) => {
    const embedding = embedded.get(line.contentHash);
    return embedding ? { ...line, embedding } : line;
  });
  library.commit([{ type: 'captions', path, lines: withEmbeddings }]);
  return { done: lines.length, added: fresh.size };
}

/**
 * Ingests one collection and yields after each batch that is durable. The file counts as read only at its end: a run that
 * was interrupted begins it again and embeds only what is still missing.
 */
export async function* ingestCaptions(
  file: FileState,
  ports: CaptionPorts,
  signal?: AbortSignal,
): AsyncGenerator<CaptionsDone> {
  let batch: CaptionLine[] = [];
  let last = 0;
  for await (const line of readCollection(file.path)) {
    if (signal?.aborted) return;
    last = line.line;
    if (batch.push(line) < BATCH) continue;
    yield await commitLines(file.path, batch, ports);
    batch = [];
  }
  if (batch.length > 0) yield await commitLines(file.path, batch, ports);
  ports.library.commit([{ type: 'collection-read', file, lines: last }]);
}
