/** What happens to one file before the encoder: read whole, identify by its content, decode unless that is known. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { asSightlineError, pathError, SightlineError } from '../core/errors.js';
import type { PhotoMetadata } from '../core/photo-metadata.js';
import type {
  FailureChange,
  FileState,
  ImageReader,
  IngestLibrary,
  MetadataChange,
  PhotoChange,
  PreparedImage,
} from '../core/ports.js';
import { contentHash } from './content-hash.js';
import { embeddedMetadata } from './metadata/photo-metadata.js';

export interface PreparationPorts {
  readonly library: Pick<IngestLibrary, 'has' | 'file'>;
  readonly images: ImageReader;
}

/** Larger files are not photos of a camera; reading one whole would break the bound on memory. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Errors that concern the library or the encoder and not one file: they end the run. */
const FATAL: ReadonlySet<string> = new Set([
  'ERR_DISK_FULL',
  'ERR_ENCODER_FAILED',
  'ERR_ENGINE_CLOSED',
  'ERR_LIBRARY_READ_ONLY',
]);

/** A photo whose content the library does not have. */
export interface ReadyPhoto {
  readonly file: FileState;
  readonly contentHash: string;
  readonly image: PreparedImage;
  readonly metadata: PhotoMetadata;
}

/** Ready for the encoder, one more path of a known content, what a known one was never asked, or a failure. */
export type Prepared = ReadyPhoto | PhotoChange | MetadataChange | FailureChange;

export const isReady = (prepared: Prepared): prepared is ReadyPhoto => 'image' in prepared;

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

/** @throws what concerns the library or the encoder and not this one file */
export async function preparePhoto(
  file: FileState,
  { library, images }: PreparationPorts,
): Promise<Prepared> {
  try {
    const bytes = await readWhole(file);
    const hash = contentHash(bytes);
    const known = library.has('photo', hash);
    if (known && !library.file(file.path)?.unread) return { type: 'photo', file, contentHash: hash };
    const metadata = embeddedMetadata(bytes, basename(file.path));
    if (known) return { type: 'metadata', contentHash: hash, metadata };
    return { file, contentHash: hash, image: await images.read(bytes, { thumbnail: true }), metadata };
  } catch (error) {
    const { code, message } = asSightlineError(error);
    if (FATAL.has(code)) throw error;
    return { type: 'failure', file, code, reason: message };
  }
}
