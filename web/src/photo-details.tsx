import type { VNode } from 'preact';
import { useAnswer } from './answer.js';
import { readItem, similarTo } from './api.js';
import type { PhotoMetadata, ShownPhoto, WholeItem } from './contract.js';
import { byteSize, exposureText, fileName, pixelSize, takenText } from './figures.js';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

export interface PhotoDetailsProps {
  readonly photo: ShownPhoto;
  readonly onLike: (id: number) => void;
}

interface Fact {
  readonly name: string;
  readonly text: string;
}

function factsOf(metadata: PhotoMetadata): readonly Fact[] {
  const { takenAt, takenOffset, camera, lens, keywords, people } = metadata;
  const facts: Fact[] = [];
  if (takenAt !== null) facts.push({ name: STRINGS.taken, text: takenText(takenAt, takenOffset) });
  const device = [camera, lens].filter((one) => one !== null).join(', ');
  if (device !== '') facts.push({ name: STRINGS.camera, text: device });
  const exposure = exposureText(metadata);
  if (exposure !== '') facts.push({ name: STRINGS.exposure, text: exposure });
  if (people.length > 0) facts.push({ name: STRINGS.people, text: people.join(', ') });
  if (keywords.length > 0) facts.push({ name: STRINGS.keywords, text: keywords.join(', ') });
  return facts;
}

/** A link that is only followed when somebody clicks on it: until then no other machine hears of the place. */
function mapAddress(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=14/${latitude}/${longitude}`;
}

/** What is known about a photo, and what is like it. */
export function PhotoDetails({ photo, onLike }: PhotoDetailsProps): VNode {
  const item = useAnswer<WholeItem>((signal) => readItem(photo.id, signal), photo.id);
  const similar = useAnswer((signal) => similarTo(photo.id, signal), photo.id);
  const metadata = item?.metadata ?? photo.metadata;
  const { latitude = null, longitude = null, title = null, description = null } = metadata ?? {};
  return (
    <aside class="details" aria-label={STRINGS.details}>
      {title !== null && <h3 class="details-title">{title}</h3>}
      {description !== null && <p class="details-text">{description}</p>}
      {item !== null && item.captions.length > 0 && (
        <section>
          <h3 class="details-heading">{STRINGS.saidAbout}</h3>
          {item.captions.map((caption) => (
            <p class="details-text" key={caption}>
              {caption}
            </p>
          ))}
        </section>
      )}
      <dl class="details-facts">
        {(metadata === null ? [] : factsOf(metadata)).map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {latitude !== null && longitude !== null && (
          <div>
            <dt>{STRINGS.place}</dt>
            <dd>
              <a href={mapAddress(latitude, longitude)} target="_blank" rel="noopener noreferrer">
                <Icon name="place" />
                {STRINGS.openMap}
              </a>
            </dd>
          </div>
        )}
        <div>
          <dt>{STRINGS.size}</dt>
          <dd>
            {photo.width !== null && photo.height !== null && pixelSize(photo.width, photo.height)}
            {item !== null && item.bytes !== null && `, ${byteSize(item.bytes)}`}
          </dd>
        </div>
        <div>
          <dt>{STRINGS.file}</dt>
          <dd>{photo.path}</dd>
        </div>
      </dl>
      {similar !== null && similar.hits.length > 0 && (
        <section>
          <h3 class="details-heading">{STRINGS.similar}</h3>
          <ul class="similar" role="list">
            {similar.hits.map((one) => (
              <li key={one.id}>
                <button type="button" aria-label={fileName(one.path)} onClick={() => onLike(one.id)}>
                  <img src={one.thumbnailUrl ?? ''} alt="" loading="lazy" decoding="async" />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
