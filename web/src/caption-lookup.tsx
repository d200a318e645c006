import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { thumbnailAddress } from './api.js';
import { Icon } from './icon.js';
import { PictureButtons } from './picture-buttons.js';
import type { SearchRequest } from './search-request.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

export interface CaptionLookupProps {
  readonly request: SearchRequest;
  readonly session: SearchSession;
  /** What fits it. */
  readonly children: ComponentChildren;
}

/** The picture on one side, the captions that fit it on the other. */
export function CaptionLookup({ request, session, children }: CaptionLookupProps): VNode {
  const address = usePicture(request);
  return (
    <div class="lookup" data-picture={address !== null}>
      {address !== null && (
        <figure class="lookup-picture">
          <img src={address} alt={STRINGS.pictureChip} />
          <figcaption>
            <PictureButtons named onPictures={(files) => session.addPictures(files)} />
          </figcaption>
        </figure>
      )}
      <div class="lookup-captions">{children}</div>
    </div>
  );
}

/** Where a picture is to be dropped. */
export function CaptionInvitation({
  none,
  session,
}: {
  readonly none: boolean;
  readonly session: SearchSession;
}): VNode {
  return (
    <section class="invitation" aria-label={STRINGS.captionView}>
      <Icon name="picture" />
      <p class="invitation-title">{STRINGS.captionDrop}</p>
      <p>{none ? STRINGS.noCaptions : STRINGS.captionPaste}</p>
      <div class="invitation-buttons">
        <PictureButtons named onPictures={(files) => session.addPictures(files)} />
      </div>
    </section>
  );
}

/** The address of the picture that is looked up, from here or from the library. */
function usePicture({ parts }: SearchRequest): string | null {
  const subject = parts.find((part) => !part.away && !('words' in part.subject))?.subject;
  const file = subject !== undefined && 'picture' in subject ? subject.picture : null;
  const temporary = useMemo(() => file && URL.createObjectURL(file), [file]);
  useEffect(() => () => void (temporary && URL.revokeObjectURL(temporary)), [temporary]);
  return subject !== undefined && 'photo' in subject ? thumbnailAddress(subject.photo) : temporary;
}
