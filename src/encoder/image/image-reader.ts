/**
 * From a file's bytes to the pixels a model reads: the only file that knows sharp.
 *
 * The official loader brings the picture to a square (model-frame.ts) with a bicubic filter that widens when it shrinks; so
 * does this.
 * Three differences are deliberate. The EXIF orientation is applied, because people search for what they see. What is
 * transparent lies over white instead of losing its alpha. And 16-bit grey is scaled to 8 bits where the official loader
 * clips nearly all of it to white.
 *
 * libvips does most of the resampling, with two detours to stay close to Pillow. Beyond a factor of four it averages blocks
 * of pixels before its cubic filter, so a large picture shrinks in two steps, of which the second is the larger part of the
 * filter and purely cubic; and libvips enlarges half a pixel off, so enlarging is done in bicubic.ts. What remains is
 * rounding: on photographic pictures well below one step of 255 on average. The picture between the two steps also makes
 * the preview, so that no file is decoded twice.
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { SightlineError } from '../../core/errors.js';
import type { ImageReader, PreparedImage } from '../../core/ports.js';
import { type RawImage, resampleBicubic } from './bicubic.js';
import { bitmapShape, decodeBitmap } from './bitmap.js';
import { HeicDecoder, MAX_HEIC_PIXELS } from './heic-decoder.js';
import { framed, modelFrame, type Resize } from './model-frame.js';
import { pictureFormat } from './picture-format.js';
import { plainTiff } from './plain-tiff.js';
import { rawDescription, rawPreview } from './raw-file.js';

/** Goes into the model id: vectors made from differently prepared pixels are not compared. */
export const PREPROCESSING_VERSION = 1;

/** Long side of a preview, in pixels. */
export const THUMBNAIL_SIZE = 480;

/** Enough for a 200-megapixel phone; a picture beyond it is refused before a pixel is decoded. */
export const DEFAULT_MAX_PIXELS = 268_000_000;

/** Beyond this factor libvips averages blocks before it filters. */
const BLOCK_AVERAGING_FACTOR = 4;
/**
 * What is left to the second of two steps. More would be no nearer to Pillow, and keep the first step of a camera's photo from
 * the JPEG decoder's own halving.
 */
const SECOND_STEP = 2.8;

const WHITE = { r: 255, g: 255, b: 255 };
const THUMBNAIL_QUALITY = 75;
/** More effort saves a fifth of the bytes and costs several times the time. */
const THUMBNAIL_EFFORT = 0;
const DECODE_SECONDS = 60;

/** What browsers show by themselves. */
const WEB_FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'avif']);

/** A picture that is no larger than a preview, in a format that browsers show, is its own preview. */
export function isOwnThumbnail(width: number, height: number, format: string): boolean {
  return Math.max(width, height) <= THUMBNAIL_SIZE && WEB_FORMATS.has(format);
}

/** A drawing is a program: one that is larger than this has no business among photos. */
const MAX_DRAWING_BYTES = 4 * 1024 * 1024;

// libvips' operation cache only helps programs that decode one file again and again.
sharp.cache(false);
// Several files are decoded at a time: threads of one picture would only wait for each other.
sharp.concurrency(1);

function unreadable(cause: unknown): SightlineError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new SightlineError(
    'ERR_IMAGE_UNREADABLE',
    `Expected a picture (JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP or a camera's RAW) but it cannot be decoded (${reason}). Open it in a viewer to see whether it is damaged.`,
    { cause },
  );
}

function checkSize({ width, height }: Shape, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new SightlineError(
    'ERR_IMAGE_TOO_LARGE',
    `Expected at most ${Math.floor(maxPixels / 1e6)} megapixels but the picture says it has ${width} × ${height}. Shrink it and try again.`,
    { details: { width, height, maxPixels } },
  );
}

interface Shape {
  readonly width: number;
  readonly height: number;
}

/** A file before a pixel is decoded. */
interface Opened {
  readonly format: string;
  readonly shape: Shape;
  readonly maxPixels: number;
  /** How much more memory a pixel takes than in a picture that is decoded as it shrinks. */
  readonly weight: number;
  /** What the picture library decodes. */
  readonly decodable: () => Decodable | Promise<Decodable>;
}

interface Decodable {
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
}

/** With what the file says of itself, before a pixel is decoded. */
async function decodable(bytes: Uint8Array): Promise<Decodable> {
  try {
    return { bytes, metadata: await sharp(bytes, { limitInputPixels: false }).metadata() };
  } catch (error) {
    throw unreadable(error);
  }
}

function opened(bytes: Uint8Array, maxPixels: number): Sharp {
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
    .timeout({ seconds: DECODE_SECONDS })
    .autoOrient();
}

/** Upright, without alpha, in 8-bit sRGB. */
function normalised(bytes: Uint8Array, maxPixels: number): Sharp {
  return opened(bytes, maxPixels).flatten({ background: WHITE }).toColourspace('srgb');
}

/** Cyan, magenta, yellow and black as they are in the file. */
function inks(bytes: Uint8Array, maxPixels: number): Sharp {
  return opened(bytes, maxPixels).pipelineColourspace('cmyk').toColourspace('cmyk');
}

/**
 * Length of an axis after the first step. One step is enough for a picture that needs no preview and shrinks by less than
 * libvips' limit; others keep what the second step, or the preview, needs.
 */
function firstStep(from: number, to: number, preview: number): number {
  if (preview === 0 && from / to < BLOCK_AVERAGING_FACTOR) return Math.min(from, to);
  return Math.min(from, Math.max(preview, Math.ceil(SECOND_STEP * to)));
}

async function resized(image: Sharp, width: number, height: number): Promise<RawImage> {
  const { data, info } = await image
    .resize(width, height, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels };
}

/** The second of the two steps, and what must be enlarged. */
async function scaled(first: RawImage, { width, height }: Shape): Promise<RawImage> {
  const { pixels, ...raw } = first;
  const shrinks = first.width > width || first.height > height;
  const image = shrinks
    ? await resized(sharp(pixels, { raw }), Math.min(first.width, width), Math.min(first.height, height))
    : first;
  if (image.width === width && image.height === height) return image;
  return { ...image, pixels: resampleBicubic(image, width, height), width, height };
}

/** Ink to light without a profile, as browsers and Pillow do it: each ink takes its share of what black leaves. */
function lightFromInk({ pixels: cmyk, width, height }: RawImage): RawImage {
  const pixels = new Uint8Array(width * height * 3);
  for (let ink = 0, light = 0; ink < cmyk.length; ink += 4, light += 3) {
    const left = 255 - (cmyk[ink + 3] as number);
    for (let c = 0; c < 3; c++)
      pixels[light + c] = left - Math.round(((cmyk[ink + c] as number) * left) / 255);
  }
  return { pixels, width, height, channels: 3 };
}

/** Both axes of a preview; zero for a picture that is its own. */
function previewSize({ width, height }: Shape, format: string): Shape {
  if (isOwnThumbnail(width, height, format)) return { width: 0, height: 0 };
  const scale = Math.min(1, THUMBNAIL_SIZE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The picture after the first step: three channels, and at least as large as the preview. */
async function decoded(
  { bytes, metadata }: Decodable,
  maxPixels: number,
  target: Shape,
  preview: Shape,
): Promise<RawImage> {
  const { width, height } = metadata.autoOrient;
  const first = [
    firstStep(width, target.width, preview.width),
    firstStep(height, target.height, preview.height),
  ] as const;
  const plainInk = metadata.space === 'cmyk' && !metadata.hasProfile;
  const image = plainInk
    ? lightFromInk(await resized(inks(bytes, maxPixels), ...first))
    : await resized(normalised(bytes, maxPixels), ...first);
  if (image.channels !== 3) throw new Error(`expected three colour channels but found ${image.channels}`);
  return image;
}

function thumbnailOf({ pixels, ...raw }: RawImage, { width, height }: Shape): Promise<Uint8Array> {
  return sharp(pixels, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .webp({ quality: THUMBNAIL_QUALITY, effort: THUMBNAIL_EFFORT })
    .toBuffer();
}

export interface ReaderOptions {
  /** Reads SVG drawings too. They are programs, if small ones. Default false. */
  readonly drawings?: boolean | undefined;
  /** How a picture becomes a square. Default: stretch. */
  readonly resize?: Resize | undefined;
}

export class SharpImageReader implements ImageReader {
  readonly #size: number;
  readonly readsDrawings: boolean;
  readonly #resize: Resize;
  readonly #heic = new HeicDecoder();

  /** @param size side of the model's pictures, in pixels */
  constructor(size: number, { drawings = false, resize = 'stretch' }: ReaderOptions = {}) {
    this.#size = size;
    this.readsDrawings = drawings;
    this.#resize = resize;
  }

  async read(
    bytes: Uint8Array,
    { thumbnail = false, maxPixels = DEFAULT_MAX_PIXELS, admit }: Parameters<ImageReader['read']>[1] = {},
  ): Promise<PreparedImage> {
    const { format, ...file } = await this.#open(bytes, maxPixels);
    checkSize(file.shape, file.maxPixels);
    await admit?.(file.shape.width * file.shape.height * file.weight);
    try {
      const picture = await file.decodable();
      const { width, height } = picture.metadata.autoOrient;
      const preview = previewSize({ width, height }, format);
      const frame = modelFrame({ width, height }, this.#size, this.#resize);
      const image = await decoded(picture, maxPixels, frame, preview);
      const [whole, previewBytes] = await Promise.all([
        scaled(image, frame),
        thumbnail && preview.width > 0 ? thumbnailOf(image, preview) : undefined,
      ]);
      const pixels = framed(whole, frame, this.#size);
      return { pixels, width, height, format, ...(previewBytes && { thumbnail: previewBytes }) };
    } catch (error) {
      throw unreadable(error);
    }
  }

  async describe(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
    const { kind } = await pictureFormat(bytes);
    return kind === 'raw' ? rawDescription(bytes) : [bytes];
  }

  async #open(bytes: Uint8Array, maxPixels: number): Promise<Opened> {
    const { kind, name } = await pictureFormat(bytes);
    switch (kind) {
      case 'raw': {
        const preview = rawPreview(bytes);
        if (!preview) throw unreadable('the RAW file holds no preview to look at');
        return { ...(await this.#plain(preview, name, maxPixels)), format: name };
      }
      case 'bitmap':
        return {
          format: name,
          shape: bitmapShape(bytes),
          maxPixels,
          weight: 2,
          decodable: () => decodable(plainTiff(decodeBitmap(bytes))),
        };
      case 'drawing':
        if (!this.readsDrawings)
          throw unreadable('it is an SVG drawing, which is a program; --svg switches them on');
        if (bytes.length > MAX_DRAWING_BYTES) throw unreadable('it is an SVG drawing of more than 4 MB');
        return this.#plain(bytes, name, maxPixels);
      case 'plain':
        return this.#plain(bytes, name, maxPixels);
      case 'video':
        throw unreadable(`it is a video (${name}), not a picture`);
      default:
        throw unreadable(name === 'unknown' ? 'its bytes are of no known format' : `it is a ${name} file`);
    }
  }

  async #plain(bytes: Uint8Array, name: string, maxPixels: number): Promise<Opened> {
    const picture = await decodable(bytes);
    const { metadata } = picture;
    const { width, height } = metadata;
    // The container is one, the coding inside decides.
    const format = metadata.format === 'heif' ? (metadata.compression === 'hevc' ? 'heic' : 'avif') : name;
    if (format !== 'heic')
      return { format, shape: { width, height }, maxPixels, weight: 1, decodable: () => picture };
    const most = Math.min(maxPixels, MAX_HEIC_PIXELS);
    return {
      format,
      shape: { width, height },
      maxPixels: most,
      weight: 4,
      decodable: async () => decodable(plainTiff(await this.#heic.decode(bytes, most), metadata.icc)),
    };
  }
}
