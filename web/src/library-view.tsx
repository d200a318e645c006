import type { VNode } from 'preact';
import { useAnswer } from './answer.js';
import { readStatistics } from './api.js';
import { ContentsCard } from './contents-card.js';
import type { IndexStatistics, LibraryStatus } from './contract.js';
import { FailuresCard } from './failures-card.js';
import { FoldersCard } from './folders-card.js';
import { countOf } from './figures.js';
import { Icon } from './icon.js';
import { ModelsCard } from './models-card.js';
import { follow } from './nav-links.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

export interface LibraryViewProps {
  readonly status: LibraryStatus | null;
  readonly session: SearchSession;
}

/** What the library is made of: how much, from where, how fresh, what could not be read, and which model reads it. */
export function LibraryView({ status, session }: LibraryViewProps): VNode {
  return (
    <section class="library" aria-labelledby="library-title" data-testid="library">
      <h2 class="library-title" id="library-title">
        {STRINGS.library}
      </h2>
      {status !== null && <Numbers status={status} />}
      {status !== null && <FoldersCard status={status} />}
      <FailuresCard count={status?.failed ?? 0} />
      <section class="card">
        <div class="card-head">
          <h3>{STRINGS.duplicates}</h3>
          <a
            class="button"
            href="./?view=duplicates"
            onClick={(event) => follow(event, () => session.open('duplicates'))}
          >
            {STRINGS.duplicatesLink}
            <Icon name="arrow" />
          </a>
        </div>
        <p class="quiet">{STRINGS.duplicatesIntro}</p>
      </section>
      <ContentsCard session={session} />
      <ModelsCard />
      <IndexCard generation={status?.items.photo ?? 0} />
    </section>
  );
}

function Numbers({ status }: { readonly status: LibraryStatus }): VNode {
  const numbers = [
    { name: STRINGS.kinds.photo, value: status.items.photo },
    { name: STRINGS.kinds.caption, value: status.items.caption },
    { name: STRINGS.unreadable, value: status.failed },
    { name: STRINGS.waiting, value: status.freshness.pending },
  ];
  return (
    <dl class="numbers">
      {numbers.map(({ name, value }) => (
        <div class="number" key={name}>
          <dd>{countOf(value)}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}

/** How photos and captions are indexed. @param generation asks again when it changes */
function IndexCard({ generation }: { readonly generation: number }): VNode | null {
  const statistics = useAnswer(readStatistics, generation);
  if (statistics === null) return null;
  const { photo, caption } = statistics.indexes;
  return (
    <section class="card">
      <h3>{STRINGS.index}</h3>
      <ul role="list">
        <IndexLine name={STRINGS.kinds.photo} index={photo} />
        <IndexLine name={STRINGS.kinds.caption} index={caption} />
      </ul>
    </section>
  );
}

function IndexLine({ name, index }: { readonly name: string; readonly index: IndexStatistics }): VNode {
  const { building } = index;
  return (
    <li class="line">
      <span class="line-name">{name}</span>
      <span class="quiet">{STRINGS.indexFacts(index.size, index.fresh, index.tombstones)}</span>
      {building !== null && (
        <progress class="bar" aria-label={STRINGS.indexBuilding} value={building.done} max={building.total} />
      )}
    </li>
  );
}
