import { basename, join, dirname } from 'node:path';
import { pMapIterable } from 'p-map';
import type { CaptionLine, CaptionsChange, DualEncoder, FileState, IngestLibrary } from '../core/ports.js';
import { batches } from './batches.js';
import { readCollection } from './caption-collection.js';
import { besideWhat, isPhotoName } from './file-roles.js';
import { untilAborted } from './until-aborted.js';

export interface CaptionPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
}

/** Inserting a batch into the vector index holds the event loop: few enough that nobody notices. */
const BATCH = 16;
/** Batches under way: one in the encoder, one waiting for it. */
const BATCHES = 2;

export interface CaptionsDone {
  readonly done: number;
  /** Of these, texts that the library did not have. */
  readonly added: number;
}

/** The photo that a text stands beside, by its file's name. */
function photoBeside(path: string, library: IngestLibrary): string | undefined {
  const beside = besideWhat(basename(path));
  if (beside === undefined) return undefined;
  const whole = join(dirname(path), beside);
  if (isPhotoName(beside) && library.files.one(whole)) return beside;
  const [photo] = library.files.photosNamed(whole);
  return photo && basename(photo);
}

async function embedLines(
  path: string,
  lines: readonly CaptionLine[],
  ports: CaptionPorts,
): Promise<CaptionsChange> {
  const { library, encoder } = ports;
  const fresh = new Map<string, CaptionLine>();
  for (const line of lines) if (!library.has('caption', line.contentHash)) fresh.set(line.contentHash, line);
  const texts = [...fresh.values()].map(({ text }) => text);
  const background = true;
  const { embeddings } =
    texts.length === 0 ? { embeddings: [] } : await encoder.embedTexts(texts, { background });
  const embedded = new Map([...fresh.keys()].map((hash, i) => [hash, embeddings[i] as Float32Array]));
  const withEmbeddings = lines.map((line) => {
    const embedding = embedded.get(line.contentHash);
    return embedding ? { ...line, embedding } : line;
  });
  return { type: 'captions', path, lines: withEmbeddings };
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
  const photo = photoBeside(file.path, ports.library);
  const lines = batches(untilAborted(readCollection(file.path, photo), signal), BATCH);
  const embedded = pMapIterable(lines, (batch) => embedLines(file.path, batch, ports), {
    concurrency: BATCHES,
    backpressure: BATCHES,
  });
  let last = 0;
  for await (const change of embedded) {
    const added = ports.library.commit([change]);
    last = change.lines.at(-1)?.line ?? last;
    yield { done: change.lines.length, added };
  }
  if (!signal?.aborted) ports.library.commit([{ type: 'collection-read', file, lines: last }]);
}
