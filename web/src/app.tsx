import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CaptionInvitation } from './caption-lookup.js';
import { DropZone } from './drop-zone.js';
import { DuplicatesView } from './duplicates-view.js';
import { FirstVisit } from './first-visit.js';
import { IngestProgress } from './ingest-progress.js';
import { useLibraryStatus } from './library-status.js';
import { LibraryView } from './library-view.js';
import { Masthead } from './masthead.js';
import { Notice } from './notice.js';
import { PageFooter } from './page-footer.js';
import { PhotoViewer } from './photo-viewer.js';
import { Results } from './results.js';
import { isStart, type SearchRequest } from './search-request.js';
import type { SearchSession } from './search-session.js';
import type { SearchState } from './search-state.js';
import { SignIn } from './sign-in.js';
import { STRINGS, fitText } from './strings.js';

function useSearchState(session: SearchSession): SearchState {
  const [state, setState] = useState(session.state);
  useLayoutEffect(() => {
    setState(session.state);
    return session.subscribe(() => setState(session.state));
  }, [session]);
  return state;
}

/** What the window is called. */
function titleOf({ text, filters, parts, place, kind }: SearchRequest): string {
  if (place === 'library') return STRINGS.titled(STRINGS.library);
  if (place === 'duplicates') return STRINGS.titled(STRINGS.duplicates);
  const [subject] = parts.filter(({ away }) => !away).map((part) => part.subject);
  const words = text || filters[0];
  if (words) return STRINGS.titled(words);
  if (subject === undefined) return kind === 'caption' ? STRINGS.titled(STRINGS.captionLink) : STRINGS.name;
  if ('words' in subject) return STRINGS.titled(subject.words);
  return STRINGS.titled('photo' in subject ? STRINGS.likeChip : STRINGS.pictureChip);
}

export function App({ session }: { readonly session: SearchSession }): VNode {
  const state = useSearchState(session);
  const { status, locked } = useLibraryStatus(state.request.place === 'library');
  const main = useRef<HTMLElement>(null);
  const { request, answer, phase, trouble, viewing, arrival } = state;
  const { place } = request;

  const start = isStart(request);
  const captions = status?.items.caption ?? 0;
  const empty = start && status !== null && !status.ingest.running && status.items.photo + captions === 0;
  const hit = answer?.kind === 'photo' && viewing !== null ? answer.hits[viewing] : undefined;

  useEffect(() => {
    document.title = titleOf(request);
  }, [request]);

  useLayoutEffect(() => {
    document.documentElement.dataset['place'] = start ? 'start' : 'results';
  }, [start]);

  useLayoutEffect(() => {
    scrollTo(0, arrival.scroll);
    // What had the focus may have gone with the old results; keyboards go on from the new ones.
    if (!start && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [arrival]);

  return (
    <DropZone onPictures={(files) => session.addPictures(files)}>
      <div
        class="page"
        data-stage={start ? 'start' : 'results'}
        data-empty={empty}
        data-known={status !== null || !start}
      >
        <Masthead state={state} status={status} empty={empty} session={session} />
        {status?.ingest.running && <IngestProgress ingest={status.ingest} />}
        <main class="results" ref={main} tabIndex={-1} data-busy={phase === 'searching'}>
          {locked && <SignIn />}
          {empty && <FirstVisit />}
          {start && !empty && request.kind === 'caption' && (
            <CaptionInvitation none={status !== null && captions === 0} session={session} />
          )}
          {start && trouble !== null && <Notice trouble={trouble} session={session} />}
          {place === 'library' && !locked && <LibraryView status={status} session={session} />}
          {place === 'duplicates' && !locked && <DuplicatesView session={session} />}
          {!start && place === 'search' && (
            <Results
              state={state}
              session={session}
              hasCaptions={captions > 0 || request.kind === 'caption'}
            />
          )}
        </main>
        <PageFooter status={status} />
      </div>
      {hit !== undefined && viewing !== null && answer !== null && (
        <PhotoViewer
          photo={hit}
          fits={fitText(hit)}
          text={request.text}
          index={viewing}
          count={answer.hits.length}
          onView={(index) => session.view(index)}
          onEnd={() => session.showMore()}
          onLike={(id, but) => session.moreLike(id, but)}
          onAdd={(id) => session.add({ photo: id })}
        />
      )}
    </DropZone>
  );
}
