import { NO_METADATA, type PhotoMetadata } from '../../core/photo-metadata.js';
import { NO_TAGS } from '../metadata/tag-reader.js';
import { takenAt } from '../metadata/taken-at.js';

/** `+48.8583+002.2944+035.0/`, as phones write it (ISO 6709). */
const PLACE = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?/;

const MIDNIGHT_1904 = Date.UTC(1904, 0, 1);

/**
 * What a container's tags say about a frame of its video.
 * @param tags under lower-case names
 * @param name the video's own, which may hold a date
 */
export function frameMetadata(
  tags: Readonly<Record<string, string>>,
  name: string,
  second: number,
): PhotoMetadata {
  const make = tags['com.apple.quicktime.make'];
  const model = tags['com.apple.quicktime.model'];
  const place = PLACE.exec(tags['com.apple.quicktime.location.iso6709'] ?? tags['location'] ?? '');
  return {
    ...NO_METADATA,
    ...takenWhen(tags, name, second),
    camera: make && model ? `${make} ${model}` : (model ?? make ?? null),
    latitude: place ? Number(place[1]) : null,
    longitude: place ? Number(place[2]) : null,
    altitude: place?.[3] === undefined ? null : Number(place[3]),
    title: tags['title']?.trim().slice(0, 500) || null,
    description: (tags['description'] ?? tags['comment'])?.trim().slice(0, 5000) || null,
  };
}

type Taken = Pick<PhotoMetadata, 'takenAt' | 'takenOffset'>;

/** Phones write the local time with its offset; the container's own is in UTC, and 1904 where a clock was never set. */
function takenWhen(tags: Readonly<Record<string, string>>, name: string, second: number): Taken {
  const local = tags['com.apple.quicktime.creationdate'];
  const offset = /([+-])(\d{2}):?(\d{2})$/.exec(local ?? '');
  const start = Date.parse((local ?? tags['creation_time'] ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (!Number.isFinite(start) || start <= MIDNIGHT_1904) {
    const named = takenAt(NO_TAGS, name);
    return named.takenAt ? { ...named, takenAt: new Date(named.takenAt.getTime() + second * 1000) } : named;
  }
  const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return { takenAt: new Date(start + second * 1000), takenOffset: minutes };
}
