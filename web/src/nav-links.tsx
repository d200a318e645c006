import type { VNode } from 'preact';
import type { ItemKind } from './contract.js';
import { Icon, type IconName } from './icon.js';
import type { Place, SearchRequest } from './search-request.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

interface View {
  readonly icon: IconName;
  readonly name: string;
  readonly address: string;
  readonly place: Place;
  readonly kind: ItemKind;
}

const VIEWS: readonly View[] = [
  { icon: 'search', name: STRINGS.searchLink, address: './', place: 'search', kind: 'photo' },
  {
    icon: 'caption',
    name: STRINGS.captionLink,
    address: './?kind=caption',
    place: 'search',
    kind: 'caption',
  },
  {
    icon: 'library',
    name: STRINGS.libraryLink,
    address: './?view=library',
    place: 'library',
    kind: 'photo',
  },
];

export interface NavLinksProps {
  readonly request: SearchRequest;
  readonly session: SearchSession;
}

/** The views of the page. They are real links, so that they open in new tabs as well. */
export function NavLinks({ request, session }: NavLinksProps): VNode {
  const place = request.place === 'duplicates' ? 'library' : request.place;
  return (
    <nav class="views" aria-label={STRINGS.views}>
      {VIEWS.map((view) => (
        <a
          key={view.address}
          class="view-link"
          href={view.address}
          aria-current={view.place === place && view.kind === request.kind ? 'page' : undefined}
          onClick={(event) => follow(event, () => session.open(view.place, view.kind))}
        >
          <Icon name={view.icon} />
          <span>{view.name}</span>
        </a>
      ))}
    </nav>
  );
}

/** Stays on the page, unless the link was to open elsewhere. */
export function follow(event: MouseEvent, go: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go();
}
