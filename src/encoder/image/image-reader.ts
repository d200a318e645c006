/**
 * From a file's bytes to the pixels a model reads: the only file that knows sharp.
 *
 * The official loader stretches the picture to a square with a bicubic filter that widens when it shrinks; so does this.
 * Three differences are deliberate. The EXIF orientation is applied, because people search for what they see. What is
 * transparent lies over white instead of losing its alpha. And 16-bit grey is scaled to 8 bits where the official loader
 * clips nearly all of it to white. The resampling itself rounds at other places than Pillow's, which moves single values
 * by one or two steps of 255.
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { SightlineError } from '../../core/errors.js';
import type { ImageReader, PreparedImage } from '../../core/ports.js';

/** Goes into the model id: vectors made from differently prepared pixels are not compared. */
export const PREPROCESSING_VERSION = 1;

/** Long side of a preview, in pixels. */
export const THUMBNAIL_SIZE = 480;

/** Enough for a 200-megapixel phone; a picture beyond it is refused before a pixel is decoded. */
export const DEFAULT_MAX_PIXELS = 268_000_000;

const WHITE = { r: 255, g: 255, b: 255 };
const THUMBNAIL_QUALITY = 80;
const DECODE_SECONDS = 60;

/** What browsers show by themselves. */
const WEB_FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'avif']);

/** A picture that is no larger than a preview, in a format that browsers show, is its own preview. */
export function isOwnThumbnail(width: number, height: number, format: string): boolean {
  return Math.max(width, height) <= THUMBNAIL_SIZE && WEB_FORMATS.has(format);
}

/** Formats that may hold scripts or run external references are not photos. */
const REFUSED_FORMATS: ReadonlySet<string> = new Set(['svg', 'pdf', 'magick']);

// libvips' operation cache only helps programs that decode one file again and again.
sharp.cache(false);

function unreadable(cause: unknown): SightlineError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new SightlineError(
    'ERR_IMAGE_UNREADABLE',
    `Expected a JPEG, PNG, WebP, AVIF, TIFF or GIF picture but it cannot be decoded (${reason}). Open it in a viewer to see whether it is damaged.`,
    { cause },
  );
}

function checkSize({ width, height }: Metadata, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new SightlineError(
    'ERR_IMAGE_TOO_LARGE',
    `Expected at most ${Math.floor(maxPixels / 1e6)} megapixels but the picture says it has ${width} × ${height}. Shrink it and try again.`,
    { details: { width, height, maxPixels } },
  );
}

/** Upright, without alpha, in 8-bit sRGB. */
function normalised(bytes: Uint8Array, maxPixels: number): Sharp {
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
    .timeout({ seconds: DECODE_SECONDS })
    .autoOrient()
    .flatten({ background: WHITE })
    .toColourspace('srgb');
}

async function modelPixels(image: Sharp, size: number): Promise<Uint8Array> {
  const { data, info } = await image
    .resize(size, size, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`expected three colour channels but found ${info.channels}`);
  return data;
}

function thumbnailOf(image: Sharp): Promise<Uint8Array> {
  return image
    .resize(THUMBNAIL_SIZE, THUMBNAIL_SIZE, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: THUMBNAIL_QUALITY })
    .toBuffer();
}

export class SharpImageReader implements ImageReader {
  readonly #size: number;

  /** @param size side of the model's pictures, in pixels */
  constructor(size: number) {
    this.#size = size;
  }

  async read(
    bytes: Uint8Array,
    { thumbnail = false, maxPixels = DEFAULT_MAX_PIXELS }: { thumbnail?: boolean; maxPixels?: number } = {},
  ): Promise<PreparedImage> {
    const metadata = await sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch((error: unknown) => {
        throw unreadable(error);
      });
    if (REFUSED_FORMATS.has(metadata.format)) throw unreadable(`a ${metadata.format} file may hold scripts`);
    checkSize(metadata, maxPixels);
    try {
      const { format, autoOrient } = metadata;
      const { width, height } = autoOrient;
      const needsThumbnail = thumbnail && !isOwnThumbnail(width, height, format);
      const image = normalised(bytes, maxPixels);
      const [pixels, preview] = await Promise.all([
        modelPixels(image.clone(), this.#size),
        needsThumbnail ? thumbnailOf(image.clone()) : undefined,
      ]);
      return { pixels, width, height, format, ...(preview && { thumbnail: preview }) };
    } catch (error) {
      throw unreadable(error);
    }
  }
}
