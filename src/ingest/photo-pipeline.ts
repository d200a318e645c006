/**
 * Photos on their way into the library: read → hash → decode run for several files at once beside the encoder, which
 * takes them in batches; each batch becomes durable in one transaction. Every stage is bounded, so the memory of a run
 * does not depend on how many files there are.
 */
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';
import { asSightlineError, pathError, SightlineError } from '../core/errors.js';
import type {
  DualEncoder,
  FailureChange,
  FileState,
  ImageReader,
  IngestLibrary,
  LibraryChange,
  PhotoChange,
  PreparedImage,
  ThumbnailStore,
} from '../core/ports.js';
import { batches } from './batches.js';
import { contentHash } from './content-hash.js';
import { untilAborted } from './until-aborted.js';

export interface PhotoPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
  readonly images: ImageReader;
  readonly thumbnails: ThumbnailStore;
}

/** One more than there are cores: one waits for the disk while the others decode. */
const DECODERS = availableParallelism() + 1;
const BATCH = 16;
/** Batches under way: one in the encoder, one waiting for it. */
const BATCHES = 2;
/** Decoded pictures that may wait for the encoder. */
const WAITING = 2 * BATCH;

/** Larger files are not photos of a camera; reading one whole would break the bound on memory. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Errors that concern the library or the encoder and not one file: they end the run. */
const FATAL: ReadonlySet<string> = new Set([
  'ERR_DISK_FULL',
  'ERR_ENCODER_FAILED',
  'ERR_ENGINE_CLOSED',
  'ERR_LIBRARY_READ_ONLY',
]);

interface ReadyPhoto {
  readonly file: FileState;
  readonly contentHash: string;
  readonly image: PreparedImage;
}

type Prepared = ReadyPhoto | PhotoChange | FailureChange;

const isReady = (prepared: Prepared): prepared is ReadyPhoto => 'image' in prepared;

async function readWhole({ path, size }: FileState): Promise<Uint8Array> {
  if (size > MAX_FILE_BYTES) {
    const message = `Expected a photo of at most ${MAX_FILE_BYTES / 1024 ** 2} MB but ${path} has ${Math.round(size / 1024 ** 2)} MB.`;
    throw new SightlineError('ERR_IMAGE_TOO_LARGE', message, { details: { path, size } });
  }
  try {
    await using file = await open(path, 'r');
    return await file.readFile();
  } catch (error) {
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  }
}

async function prepare(file: FileState, { library, images }: PhotoPorts): Promise<Prepared> {
  try {
    const bytes = await readWhole(file);
    const hash = contentHash(bytes);
    if (library.has('photo', hash)) return { type: 'photo', file, contentHash: hash };
    return { file, contentHash: hash, image: await images.read(bytes, { thumbnail: true }) };
  } catch (error) {
    const { code, message } = asSightlineError(error);
    if (FATAL.has(code)) throw error;
    return { type: 'failure', file, code, reason: message };
  }
}

async function embed(
  batch: readonly Prepared[],
  { encoder, thumbnails }: PhotoPorts,
): Promise<LibraryChange[]> {
  const ready = batch.filter(isReady);
  const [embeddings] = await Promise.all([
    ready.length === 0 ? [] : encoder.embedImages(ready.map(({ image }) => image.pixels)),
    // Before the rows: a photo that can be found has its preview.
    ...ready.map(
      ({ contentHash: hash, image }) => image.thumbnail && thumbnails.write(hash, image.thumbnail),
    ),
  ]);
  const embedded = new Map(ready.map((photo, i) => [photo as Prepared, embeddings[i] as Float32Array]));
  return batch.map((prepared): LibraryChange => {
    if (!isReady(prepared)) return prepared;
    const { file, contentHash: hash, image } = prepared;
    const { width, height, format } = image;
    const embedding = embedded.get(prepared) as Float32Array;
    return { type: 'photo', file, contentHash: hash, photo: { width, height, format, embedding } };
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
  const prepared = pMapIterable(untilAborted(files, signal), (file) => prepare(file, ports), {
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
