/** What a file is, by its bytes; its name has no say. The only file that knows file-type. */
import { fileTypeFromBuffer } from 'file-type';
import { isRawTiff } from './raw-file.js';

/** What a format asks of its reader. */
export type PictureKind = 'plain' | 'bitmap' | 'raw' | 'drawing' | 'video' | 'other';

export interface PictureFormat {
  readonly kind: PictureKind;
  /** As people call it: `jpeg`, `cr2`, `mp4` … */
  readonly name: string;
}

/** The beginning says what a file is; more is not looked at, whatever it says of itself. */
const LOOKED_AT = 64 * 1024;

const RAW: ReadonlySet<string> = new Set(['cr2', 'cr3', 'nef', 'arw', 'dng', 'orf', 'raf', 'rw2']);
const VIDEO: ReadonlySet<string> = new Set(['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', '3gp', '3g2']);
/** What the picture library reads, by file-type's names. HEIC and AVIF are one container to it. */
const PLAIN: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  png: 'png',
  apng: 'png',
  webp: 'webp',
  gif: 'gif',
  tif: 'tiff',
  avif: 'avif',
  heic: 'heic',
};

/** Olympus and Panasonic put numbers of their own where TIFF has 42; file-type knows only the most usual of their files. */
const MARKS: Readonly<Record<string, string>> = { IIRO: 'orf', IIRS: 'orf', MMOR: 'orf', 'IIU\0': 'rw2' };

function isDrawing(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 4096))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  return text.startsWith('<') && /<svg[\s>]/i.test(text);
}

export async function pictureFormat(bytes: Uint8Array): Promise<PictureFormat> {
  const head = bytes.subarray(0, LOOKED_AT);
  const mark = MARKS[Buffer.from(head.subarray(0, 4)).toString('latin1')];
  if (mark !== undefined) return { kind: 'raw', name: mark };
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  const name = type?.ext ?? 'unknown';
  if (RAW.has(name)) return { kind: 'raw', name };
  if (name === 'tif' && isRawTiff(bytes)) return { kind: 'raw', name: 'raw' };
  const plain = PLAIN[name];
  if (plain !== undefined) return { kind: 'plain', name: plain };
  if (name === 'bmp') return { kind: 'bitmap', name };
  if (VIDEO.has(name)) return { kind: 'video', name };
  if (isDrawing(head)) return { kind: 'drawing', name: 'svg' };
  return { kind: 'other', name };
}
