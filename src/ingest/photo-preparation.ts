/** What happens to one file before the encoder: read whole, identify by its content, decode unless that is known. */
import { asSightlineError } from '../core/errors.js';
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
import { readContent } from './file-content.js';
import type { ReadBuffers } from './read-buffers.js';
import { toldAbout, type Told } from './sidecars.js';

export interface PreparationPorts {
  readonly library: Pick<IngestLibrary, 'files'>;
  readonly images: ImageReader;
  /** Whether the library has this content or is about to: then it is not decoded. */
  readonly isKnown: (contentHash: string) => boolean;
  /** Resolves when there is room for this many bytes, with what to call when they are free again. */
  readonly admit: (bytes: number) => Promise<() => void>;
  readonly buffers: ReadBuffers;
}

/** Errors that concern the library or the encoder and not one file: they end the run. */
const FATAL: ReadonlySet<string> = new Set([
  'ERR_DISK_FULL',
  'ERR_ENCODER_FAILED',
  'ERR_ENGINE_CLOSED',
  'ERR_LIBRARY_READ_ONLY',
]);

export const isFatal = (code: string): boolean => FATAL.has(code);

const BYTES_PER_PIXEL = 3;

/** A photo whose content the library does not have. */
export interface ReadyPhoto extends Told {
  readonly file: FileState;
  readonly contentHash: string;
  readonly image: PreparedImage;
}

/** Ready for the encoder, one more path of a known content, what a known one was never asked, or a failure. */
export type Prepared = ReadyPhoto | PhotoChange | MetadataChange | FailureChange;

export const isReady = (prepared: Prepared): prepared is ReadyPhoto => 'image' in prepared;

async function prepare(
  file: FileState,
  { library, images, isKnown, admit, buffers }: PreparationPorts,
): Promise<Prepared> {
  let leave = await admit(file.size);
  const lent: Uint8Array<ArrayBuffer>[] = [];
  const lend = (size: number): Uint8Array<ArrayBuffer> => {
    const memory = buffers.lend(size);
    lent.push(memory);
    return memory;
  };
  try {
    const { bytes, state } = await readContent(file.path, lend);
    const hash = contentHash(bytes);
    const known = isKnown(hash);
    const before = library.files.one(file.path);
    const isUnasked = before?.unread && before.size === state.size && before.mtimeMs === state.mtimeMs;
    if (known && !isUnasked) return { type: 'photo', file: state, contentHash: hash };
    const told = await toldAbout(file.path, bytes, images);
    if (known) return { type: 'metadata', contentHash: hash, metadata: told.metadata };
    const image = await images.read(bytes, {
      thumbnail: true,
      admit: async (pixels) => {
        // Left before it is entered again: who holds some and waits for more may wait for himself.
        leave();
        leave = await admit(file.size + pixels * BYTES_PER_PIXEL);
      },
    });
    return { file: state, contentHash: hash, image, ...told };
  } finally {
    leave();
    for (const memory of lent) buffers.takeBack(memory);
  }
}

/** @throws what concerns the library or the encoder and not this one file */
export async function preparePhoto(file: FileState, ports: PreparationPorts): Promise<Prepared> {
  try {
    return await prepare(file, ports);
  } catch (error) {
    const { code, message } = asSightlineError(error);
    if (isFatal(code)) throw error;
    return { type: 'failure', file, code, reason: message };
  }
}
