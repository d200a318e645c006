import { NO_METADATA, type PhotoMetadata } from '../../core/photo-metadata.js';
import { type ExifValue, readTags, readXmpDocument, type Tags } from './tag-reader.js';
import { takenAt } from './taken-at.js';
import { cleaned, textsIn, wordsOf } from './words.js';

const MAX_NAME = 200;

const text = (value: ExifValue | undefined): string | undefined => {
  const first = Array.isArray(value) ? (value as readonly ExifValue[])[0] : value;
  return typeof first === 'string' ? first : undefined;
};

/** A number, or the value of a rational; undefined for what is neither. */
function number(value: ExifValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return undefined;
  const [above, below] = value as readonly ExifValue[];
  if (typeof above === 'number' && typeof below === 'number') return above / below;
  return above === undefined ? undefined : number(above);
}

/** A value that a camera can have; null for what only a torn file says. */
function plausible(value: number | undefined, least: number, most: number): number | null {
  return value !== undefined && value >= least && value <= most ? value : null;
}

/** `NIKON CORPORATION` and `NIKON D850` are one camera, and so are `Canon` and `Canon EOS 5D`. */
function cameraName(make: string | null, model: string | null): string | null {
  if (make === null || model === null) return model ?? make;
  const [brand = ''] = make.split(/\s+/);
  return model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${make} ${model}`;
}

/** Degrees, minutes and seconds as EXIF holds them: three rationals and a letter. */
function degrees(value: ExifValue | undefined, reference: string | undefined): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const parts = (value as readonly ExifValue[]).map(number);
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return undefined;
  const [whole = 0, minutes = 0, seconds = 0] = parts.map((part) => (Number.isNaN(part) ? 0 : part));
  const size = whole + minutes / 60 + seconds / 3600;
  return /^[SW]/i.test(reference ?? '') ? -size : size;
}

/** `48,51.5N` or `48,51,30N`, as XMP holds them; also plain degrees. */
function xmpDegrees(value: string | undefined): number | undefined {
  const match = /^\s*(-?[\d.]+)(?:,([\d.]+))?(?:,([\d.]+))?\s*([NSEW])?\s*$/i.exec(value ?? '');
  if (!match) return undefined;
  const size = Number(match[1]) + Number(match[2] ?? 0) / 60 + Number(match[3] ?? 0) / 3600;
  return /[SW]/i.test(match[4] ?? '') ? -size : size;
}

type Place = Pick<PhotoMetadata, 'latitude' | 'longitude' | 'altitude'>;

/** Zero degrees both ways is what devices write that have no fix. */
function place({ exif, xmp }: Tags): Place {
  const inXmp = (name: string): string | undefined => textsIn(xmp[name])[0];
  const latitude = plausible(
    degrees(exif['GPSLatitude'], text(exif['GPSLatitudeRef'])) ?? xmpDegrees(inXmp('GPSLatitude')),
    -90,
    90,
  );
  const longitude = plausible(
    degrees(exif['GPSLongitude'], text(exif['GPSLongitudeRef'])) ?? xmpDegrees(inXmp('GPSLongitude')),
    -180,
    180,
  );
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0))
    return { latitude: null, longitude: null, altitude: null };
  const height = plausible(number(exif['GPSAltitude']), 0, 100_000);
  const below = number(exif['GPSAltitudeRef']) === 1;
  return { latitude, longitude, altitude: height === null ? null : below ? -height : height };
}

type Exposure = Pick<PhotoMetadata, 'iso' | 'aperture' | 'exposureSeconds' | 'focalLength'>;

/** Two of the values are also written as logarithms (APEX), by some cameras only so. */
function exposure({ exif }: Tags): Exposure {
  const apexAperture = number(exif['ApertureValue']);
  const apexShutter = number(exif['ShutterSpeedValue']);
  return {
    iso: plausible(number(exif['ISOSpeedRatings']), 1, 10_000_000),
    aperture:
      plausible(number(exif['FNumber']), 0.1, 1000) ??
      plausible(apexAperture && Math.round(10 * 2 ** (apexAperture / 2)) / 10, 0.1, 1000),
    exposureSeconds:
      plausible(number(exif['ExposureTime']), 1e-7, 1e6) ??
      plausible(apexShutter === undefined ? undefined : 2 ** -apexShutter, 1e-7, 1e6),
    focalLength: plausible(number(exif['FocalLength']), 0.1, 100_000),
  };
}

function metadataOf(tags: Tags, name: string): PhotoMetadata {
  const { exif, xmp } = tags;
  const make = cleaned(text(exif['Make']) ?? textsIn(xmp['Make'])[0], MAX_NAME);
  const model = cleaned(text(exif['Model']) ?? textsIn(xmp['Model'])[0], MAX_NAME);
  const lens = text(exif['LensModel']) ?? textsIn(xmp['LensModel'])[0] ?? textsIn(xmp['Lens'])[0];
  const taken = takenAt(tags, name);
  const { iso, aperture, exposureSeconds, focalLength } = exposure(tags);
  const { latitude, longitude, altitude } = place(tags);
  const { title, description, keywords, people, rating } = wordsOf(tags);
  // Named one by one: an object that is spread out of several takes three times the memory and many times as long.
  return {
    takenAt: taken.takenAt,
    takenOffset: taken.takenOffset,
    camera: cameraName(make, model),
    lens: cleaned(lens, MAX_NAME),
    iso,
    aperture,
    exposureSeconds,
    focalLength,
    latitude,
    longitude,
    altitude,
    title,
    description,
    keywords,
    people,
    rating,
  };
}

/**
 * What a picture's bytes say about it. Never throws and takes a bounded time; what cannot be read is not there.
 * @param parts the picture, or the parts of a RAW file, of which the first to say something is believed
 * @param name the file's own name, without its folder: a phone's names hold a date
 */
export function embeddedMetadata(parts: readonly Uint8Array[], name: string): PhotoMetadata {
  const tags = parts.map(readTags);
  const merged = {
    exif: Object.assign({}, ...tags.map(({ exif }) => exif).toReversed()) as Tags['exif'],
    iptc: Object.assign({}, ...tags.map(({ iptc }) => iptc).toReversed()) as Tags['iptc'],
    xmp: Object.assign({}, ...tags.map(({ xmp }) => xmp).toReversed()) as Tags['xmp'],
  };
  return metadataOf(merged, name);
}

/** What an XMP document says; undefined where it is none. */
export function sidecarMetadata(bytes: Uint8Array): PhotoMetadata | undefined {
  const tags = readXmpDocument(bytes);
  return tags && metadataOf(tags, '');
}

/** One statement over another: what it says replaces, what it does not say stays. */
export function overlaid(below: PhotoMetadata, above: PhotoMetadata): PhotoMetadata {
  const said = Object.entries(above).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== null,
  );
  const merged = { ...NO_METADATA, ...below, ...(Object.fromEntries(said) as Partial<PhotoMetadata>) };
  // A date and its offset are one statement.
  return above.takenAt === null ? merged : { ...merged, takenOffset: above.takenOffset };
}
