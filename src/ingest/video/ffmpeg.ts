/**
 * Videos through ffmpeg and ffprobe, where they are on the PATH: the only file that knows them.
 *
 * A video is taken by what its bytes are, and the reader for just that container is asked for by name: a playlist that
 * calls itself a film would otherwise be followed to wherever it points. Programs that take too long are stopped.
 */
import { execFile } from 'node:child_process';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SightlineError, systemCode } from '../../core/errors.js';

const run = promisify(execFile);

const MINUTE = 60_000;
/** For a film of some hours on a slow machine. */
const SCENES_LIMIT = 60 * MINUTE;
const FRAME_LIMIT = MINUTE;
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** How much of the picture must change for a new scene, 0…1. */
const SCENE_CHANGE = 0.3;
/** Seconds between two frames at least, and after which one is taken although nothing changed. */
const CLOSEST = 1;
const FARTHEST = 60;
/** Frames of one video. */
export const MAX_FRAMES = 200;
/** Long side of a frame, in pixels. */
const LONG_SIDE = 1920;

/** ffmpeg's name of the reader for what these bytes begin. */
function container(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1');
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(text.slice(4, 8))) return 'mov';
  return text.startsWith('\x1aE\xdf\xa3') ? 'matroska' : undefined;
}

function unreadable(path: string, reason: string, cause?: unknown): SightlineError {
  const message = `Expected a video (MP4, MOV, MKV or WebM) at ${path}, but ${reason}. Play it to see whether it is damaged.`;
  return new SightlineError('ERR_VIDEO_UNREADABLE', message, { cause, details: { path } });
}

/** Whether both programs can be run. */
export async function isVideoReadable(): Promise<boolean> {
  try {
    await Promise.all(
      ['ffmpeg', 'ffprobe'].map((program) => run(program, ['-version'], { timeout: MINUTE })),
    );
    return true;
  } catch {
    return false;
  }
}

/** For those who have videos and no ffmpeg. */
export function withoutFfmpeg(videos: number): string {
  const what = videos === 1 ? '1 video was' : `${videos} videos were`;
  return `${what} left out: ffmpeg and ffprobe are not on the PATH. Install ffmpeg and ingest again.`;
}

async function source(path: string): Promise<string[]> {
  await using file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
  const format = container(buffer);
  if (format === undefined) throw unreadable(path, 'its bytes are those of another kind of file');
  return ['-protocol_whitelist', 'file', '-f', format, '-i', `file:${path}`];
}

interface Errand {
  /** Options of the input and of the output. */
  readonly input?: readonly string[];
  readonly output: readonly string[];
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

async function ffmpeg(path: string, { input = [], output, timeout, signal }: Errand): Promise<Buffer> {
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-max_pixels', '268000000'];
  try {
    const options = {
      encoding: 'buffer',
      timeout,
      maxBuffer: OUTPUT_BYTES,
      ...(signal && { signal }),
    } as const;
    const { stdout } = await run('ffmpeg', [...quiet, ...input, ...(await source(path)), ...output], options);
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SightlineError) throw error;
    if (systemCode(error) === 'ENOENT')
      throw new SightlineError(
        'ERR_VIDEO_UNAVAILABLE',
        'Expected ffmpeg on the PATH. Install it and try again.',
      );
    const [reason = 'it cannot be decoded'] = (error instanceof Error ? error.message : String(error))
      .split('\n')
      .slice(-2);
    throw unreadable(path, `ffmpeg stopped: ${reason}`, error);
  }
}

const scale = `scale='if(gt(iw,ih),min(${LONG_SIDE},iw),-2)':'if(gt(iw,ih),-2,min(${LONG_SIDE},ih))'`;
const JPEG = ['-an', '-sn', '-dn', '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-f'];

export interface VideoFrame {
  /** From the beginning, to the millisecond. */
  readonly second: number;
  readonly jpeg: () => Promise<Uint8Array>;
}

/**
 * The first frame of each scene, and one a minute of long scenes; at most `MAX_FRAMES`.
 * @param folder where the frames are written
 * @throws ERR_VIDEO_UNREADABLE, ERR_VIDEO_UNAVAILABLE
 */
export async function sceneFrames(path: string, folder: string, signal?: AbortSignal): Promise<VideoFrame[]> {
  const isScene = `gt(scene,${SCENE_CHANGE})*gte(t-prev_selected_t,${CLOSEST})`;
  const isLong = `gte(t-prev_selected_t,${FARTHEST})`;
  const filters = [`select='isnan(prev_selected_t)+${isScene}+${isLong}'`, 'settb=1/1000', scale].join(',');
  const numbered = ['-fps_mode', 'passthrough', '-enc_time_base', '1/1000', '-frames:v', String(MAX_FRAMES)];
  const files = [...JPEG, 'image2', '-frame_pts', '1', join(folder, '%d.jpg')];
  const output = ['-vf', filters, ...numbered, ...files];
  await ffmpeg(path, { output, timeout: SCENES_LIMIT, signal });
  const names = await readdir(folder);
  const frames = names.map((name): VideoFrame => {
    return { second: Number.parseInt(name, 10) / 1000, jpeg: () => readFile(join(folder, name)) };
  });
  if (frames.length === 0) throw unreadable(path, 'it has no frame that can be decoded');
  return frames.toSorted((a, b) => a.second - b.second);
}

/** One frame as a JPEG. @throws ERR_VIDEO_UNREADABLE, ERR_VIDEO_UNAVAILABLE */
export async function frameAt(path: string, second: number): Promise<Uint8Array> {
  // Seconds are known to the millisecond: the frame may be a part of one earlier.
  const input = ['-ss', Math.max(0, second - 0.001).toFixed(3)];
  const output = ['-vf', scale, '-frames:v', '1', ...JPEG, 'image2pipe', 'pipe:1'];
  const jpeg = await ffmpeg(path, { input, output, timeout: FRAME_LIMIT });
  if (jpeg.length === 0) throw unreadable(path, `there is no frame at second ${second}`);
  return jpeg;
}

/** What the container says of itself, under lower-case names. Empty where it cannot be asked. */
export async function videoTags(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    const args = ['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', ...(await source(path))];
    const { stdout } = await run('ffprobe', args, { timeout: FRAME_LIMIT, maxBuffer: OUTPUT_BYTES });
    const { format } = JSON.parse(stdout) as { format?: { tags?: Record<string, string> } };
    return Object.fromEntries(
      Object.entries(format?.tags ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
  } catch {
    return {};
  }
}
