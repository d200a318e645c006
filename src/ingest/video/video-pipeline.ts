/**
 * A video on its way into the library: identified by its content, cut into the first frames of its scenes, each frame then
 * a photo that knows its second. All frames of a video become durable together.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { asSightlineError, pathError, SightlineError } from '../../core/errors.js';
import { frameHash } from '../../core/frame-path.js';
import type {
  DualEncoder,
  FailureChange,
  FileState,
  Frame,
  FramesChange,
  ImageReader,
  IngestLibrary,
  PixelStore,
  PreparedImage,
  ThumbnailStore,
} from '../../core/ports.js';
import { placeholderOf } from '../placeholder.js';
import { isFatal } from '../photo-preparation.js';
import { isVideoReadable, sceneFrames, type VideoFrame, videoTags, withoutFfmpeg } from './ffmpeg.js';
import { frameMetadata } from './video-metadata.js';

export interface VideoPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
  readonly images: ImageReader;
  readonly thumbnails: ThumbnailStore;
  readonly pixels?: PixelStore | undefined;
}

const BATCH = 8;

async function videoHash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  } catch (error) {
    signal?.throwIfAborted();
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  }
  return hash.digest('hex');
}

interface Ready {
  readonly second: number;
  readonly contentHash: string;
  readonly image: PreparedImage;
}

async function prepared(video: string, { second, jpeg }: VideoFrame, ports: VideoPorts): Promise<Ready> {
  const contentHash = frameHash(video, second);
  const image = await ports.images.read(await jpeg(), { thumbnail: true });
  await Promise.all([
    image.thumbnail && ports.thumbnails.write(contentHash, image.thumbnail),
    ports.pixels?.write(contentHash, image.pixels),
  ]);
  return { second, contentHash, image };
}

async function framesOf(
  { path }: FileState,
  video: string,
  folder: string,
  ports: VideoPorts,
  signal: AbortSignal | undefined,
): Promise<Frame[]> {
  const [found, tags] = await Promise.all([sceneFrames(path, folder, signal), videoTags(path)]);
  const frames: Frame[] = [];
  for (let at = 0; at < found.length; at += BATCH) {
    signal?.throwIfAborted();
    const ready = await Promise.all(
      found.slice(at, at + BATCH).map((frame) => prepared(video, frame, ports)),
    );
    const pictures = ready.map(({ image }) => image.pixels);
    const embeddings = await ports.encoder.embedImages(pictures, { background: true });
    for (const [i, { second, contentHash, image }] of ready.entries()) {
      const { width, height, format, pixels } = image;
      const metadata = frameMetadata(tags, basename(path), second);
      const placeholder = placeholderOf(pixels, width, height);
      const embedding = embeddings[i] as Float32Array;
      frames.push({
        second,
        contentHash,
        photo: { width, height, format, metadata, placeholder, embedding },
      });
    }
  }
  return frames;
}

async function settled(file: FileState): Promise<void> {
  const { size, mtimeMs } = await stat(file.path).catch((error: unknown) => {
    throw pathError(error, file.path, 'ERR_PATH_UNREADABLE');
  });
  if (size === file.size && mtimeMs === file.mtimeMs) return;
  const message = `${file.path} is still being written. It is read again later.`;
  throw new SightlineError('ERR_FILE_UNSETTLED', message, { details: { path: file.path } });
}

/** What a video means for the library: its frames, or a failure. @throws what concerns the library or the encoder and not this one file */
async function videoChange(
  file: FileState,
  ports: VideoPorts,
  signal: AbortSignal | undefined,
): Promise<FramesChange | FailureChange> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-video-'));
  try {
    const video = await videoHash(file.path, signal);
    const known = ports.library.files.framesOf(video);
    const isWhole = known.length > 0 && known.every((frame) => ports.library.has('photo', frame.contentHash));
    const frames = isWhole ? known : await framesOf(file, video, folder, ports, signal);
    await settled(file);
    return { type: 'frames', file, frames };
  } catch (error) {
    signal?.throwIfAborted();
    const { code, message } = asSightlineError(error);
    if (isFatal(code)) throw error;
    return { type: 'failure', file, code, reason: message };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A video whose frames are durable, one that failed, or why none can be read. */
export type VideoDone =
  | { readonly added: number }
  | { readonly failure: FailureChange }
  | { readonly warning: string };

/** One after the other: each has the machine to itself. @throws what concerns the library or the encoder */
export async function* ingestVideos(
  files: readonly FileState[],
  ports: VideoPorts,
  signal?: AbortSignal,
): AsyncGenerator<VideoDone> {
  if (files.length === 0) return;
  if (!(await isVideoReadable())) {
    yield { warning: withoutFfmpeg(files.length) };
    return;
  }
  for (const file of files) {
    if (signal?.aborted) return;
    const change = await videoChange(file, ports, signal);
    yield change.type === 'failure' ? { failure: change } : { added: ports.library.commit([change]) };
  }
}
