/** What people wrote about a photo: titles, descriptions, keywords, the names of those who are on it. */
import type { PhotoMetadata } from '../../core/photo-metadata.js';
import type { ExifValue, Tags, XmpValue } from './tag-reader.js';

const MAX_TITLE = 500;
const MAX_DESCRIPTION = 5000;
const MAX_TAG = 200;
const MAX_TAGS = 500;

/** What cameras write where a description should be. */
const CAMERA_PHRASES =
  /^(?:olympus digital camera|sony dsc|samsung camera pictures?|kodak digital still camera|digital camera|minolta digital camera|exif_jpeg_picture|dcim\\.*|default|untitled|binary comment)$/i;

/** Trimmed, without control characters, cut to `most` characters; null where nothing is left. */
export function cleaned(text: string | undefined, most: number): string | null {
  if (text === undefined) return null;
  // oxlint-disable-next-line no-control-regex -- they are what is removed
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/g, '').trim();
  // A cut must not leave half of a character.
  return clean === '' ? null : clean.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/** The texts in a value, however deep. */
export function textsIn(value: XmpValue | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? (value as readonly XmpValue[]) : Object.values(value)).flatMap(textsIn);
}

/** The values of a name, at any depth. */
function named(value: XmpValue | undefined, name: string): XmpValue[] {
  if (value === undefined || typeof value === 'string') return [];
  if (Array.isArray(value)) return (value as readonly XmpValue[]).flatMap((one) => named(one, name));
  return Object.entries(value).flatMap(([key, child]) => (key === name ? [child] : named(child, name)));
}

function tagList(texts: readonly string[]): string[] {
  const tags = new Map<string, string>();
  for (const text of texts) {
    const tag = cleaned(text, MAX_TAG);
    if (tag !== null && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
    if (tags.size === MAX_TAGS) break;
  }
  return [...tags.values()];
}

/** `Places|France|Paris` is a keyword on each of its levels. */
function levels(text: string): string[] {
  return text.split(text.includes('|') ? '|' : '/');
}

function keywords({ iptc, xmp }: Tags): string[] {
  return tagList([
    ...textsIn(xmp['subject']),
    ...(iptc['Keywords'] ?? []),
    ...textsIn(xmp['hierarchicalSubject']).flatMap(levels),
    ...textsIn(xmp['TagsList']).flatMap(levels),
    ...textsIn(xmp['LastKeywordXMP']).flatMap(levels),
  ]);
}

/** Faces named in regions of the Metadata Working Group and of Microsoft, and people listed without one. */
function people({ xmp }: Tags): string[] {
  const regions = named(xmp['Regions'], 'RegionList').flatMap((list) =>
    Array.isArray(list) ? list : [list],
  );
  const faces = regions.filter((region: XmpValue) => {
    const [type] = named(region, 'Type');
    return type === undefined || type === 'Face';
  });
  return tagList([
    ...textsIn(xmp['PersonInImage']),
    ...faces.flatMap((face) => named(face, 'Name').flatMap(textsIn)),
    ...named(xmp['RegionInfo'], 'PersonDisplayName').flatMap(textsIn),
  ]);
}

/** −1 is what programs write for rejected: no stars. */
function rating({ xmp }: Tags): number | null {
  const [text] = textsIn(xmp['Rating']);
  const stars = text === undefined || text.trim() === '' ? Number.NaN : Math.round(Number(text));
  return Number.isFinite(stars) ? Math.min(5, Math.max(0, stars)) : null;
}

const exifText = (value: ExifValue | undefined): string | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;

/** The first of these texts that says anything. */
function first(most: number, ...texts: readonly (string | undefined)[]): string | null {
  const found = texts.map((text) => cleaned(text, most)).find((text) => text !== null);
  return found === undefined || CAMERA_PHRASES.test(found) ? null : found;
}

type Words = Pick<PhotoMetadata, 'title' | 'description' | 'keywords' | 'people' | 'rating'>;

export function wordsOf(tags: Tags): Words {
  const { exif, iptc, xmp } = tags;
  return {
    title: first(MAX_TITLE, textsIn(xmp['title'])[0], iptc['Object Name']?.[0], iptc['Headline']?.[0]),
    description: first(
      MAX_DESCRIPTION,
      textsIn(xmp['description'])[0],
      iptc['Caption/Abstract']?.[0],
      exifText(exif['ImageDescription']),
    ),
    keywords: keywords(tags),
    people: people(tags),
    rating: rating(tags),
  };
}
