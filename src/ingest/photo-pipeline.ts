/**
 * Photos on their way into the library: read → hash → decode run for several files at once beside the encoder, which
 * takes them in batches; each batch becomes durable in one transaction. Every stage is bounded, so the memory of a run
 * does not depend on how many files there are.
 */
import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';
import type {
  DualEncoder,
  FileState,
  ImageReader,
  IngestLibrary,
  LibraryChange,
  PixelStore,
  ThumbnailStore,
} from '../core/ports.js';
import { batches } from './batches.js';
import { isReady, type Prepared, preparePhoto } from './photo-preparation.js';
import { untilAborted } from './until-aborted.js';

export interface PhotoPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
  readonly images: ImageReader;
  readonly thumbnails: ThumbnailStore;
  /** Absent where the model compares photos and texts by their embeddings alone. */
  readonly pixels?: PixelStore;
}

/** One more than there are cores: one waits for the disk while the others decode. */
const DECODERS = availableParallelism() + 1;
const BATCH = 16;
/** Batches under way: one in the encoder, one waiting for it. */
const BATCHES = 2;
/** Decoded pictures that may wait for the encoder. */
const WAITING = 2 * BATCH;

async function embed(
  batch: readonly Prepared[],
  { encoder, thumbnails, pixels }: PhotoPorts,
): Promise<LibraryChange[]> {
  const ready = batch.filter(isReady);
  const [embeddings] = await Promise.all([
    ready.length === 0 ? [] : encoder.embedImages(ready.map(({ image }) => image.pixels)),
    // Before the rows: a photo that can be found has its preview.
    ...ready.map(
      ({ contentHash: hash, image }) => image.thumbnail && thumbnails.write(hash, image.thumbnail),
    ),
    ...ready.map(({ contentHash: hash, image }) => pixels?.write(hash, image.pixels)),
  ]);
  const embedded = new Map(ready.map((photo, i) => [photo as Prepared, embeddings[i] as Float32Array]));
  return batch.map((prepared): LibraryChange => {
    if (!isReady(prepared)) return prepared;
    const { file, contentHash: hash, image, metadata } = prepared;
    const { width, height, format } = image;
    const embedding = embedded.get(prepared) as Float32Array;
    return { type: 'photo', file, contentHash: hash, photo: { width, height, format, metadata, embedding } };
  });
}

/** A batch that is durable. */
export interface PhotosDone {
  readonly changes: readonly LibraryChange[];
  /** Photos that are new to the library: the same content twice in a batch is one. */
  readonly added: number;
}

/**
 * Yields each batch after it is durable. When `signal` fires no further file is begun; what is under
 * way is finished and committed.
 */
export async function* ingestPhotos(
  files: readonly FileState[],
  ports: PhotoPorts,
  signal?: AbortSignal,
): AsyncGenerator<PhotosDone> {
  const prepared = pMapIterable(untilAborted(files, signal), (file) => preparePhoto(file, ports), {
    concurrency: DECODERS,
    backpressure: WAITING,
  });
  const changes = pMapIterable(batches(prepared, BATCH), (batch) => embed(batch, ports), {
    concurrency: BATCHES,
    backpressure: BATCHES,
  });
  for await (const batch of changes) {
    yield { changes: batch, added: ports.library.commit(batch) };
  }
}
