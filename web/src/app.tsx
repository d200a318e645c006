import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CaptionList } from './caption-list.js';
import { CloseReading } from './close-reading.js';
import { DropZone } from './drop-zone.js';
import { EmptyLibrary } from './empty-library.js';
import { IngestProgress } from './ingest-progress.js';
import { KindSwitch } from './kind-switch.js';
import { useLibraryStatus } from './library-status.js';
import { LibraryView } from './library-view.js';
import { Masthead } from './masthead.js';
import { Nothing } from './nothing.js';
import { Notice } from './notice.js';
import { PageFooter } from './page-footer.js';
import { PhotoGrid } from './photo-grid.js';
import { PhotoSkeleton } from './photo-skeleton.js';
import { PhotoViewer } from './photo-viewer.js';
import { Refinements } from './refinements.js';
import { ResultSummary } from './result-summary.js';
import type { SearchSession } from './search-session.js';
import { type SearchState, asksNothing } from './search-state.js';
import { SignIn } from './sign-in.js';
import { STRINGS } from './strings.js';

function useSearchState(session: SearchSession): SearchState {
  const [state, setState] = useState(session.state);
  useLayoutEffect(() => {
    setState(session.state);
    return session.subscribe(() => setState(session.state));
  }, [session]);
  return state;
}

export function App({ session }: { readonly session: SearchSession }): VNode {
  const state = useSearchState(session);
  const { status, locked } = useLibraryStatus(state.request.place === 'library');
  const main = useRef<HTMLElement>(null);
  const { request, answer, phase, trouble, viewing, arrival } = state;

  const inLibrary = request.place === 'library';
  const start = asksNothing(request) && !inLibrary;
  const empty =
    start && status !== null && !status.ingest.running && status.items.photo + status.items.caption === 0;
  const hasCaptions = (status?.items.caption ?? 0) > 0 || request.kind === 'caption';
  const shown = answer?.kind === 'photo' && viewing !== null ? answer.hits[viewing] : undefined;

  useEffect(() => {
    const { text } = request;
    const subject =
      text || (request.like !== null ? STRINGS.likeChip : request.picture && STRINGS.pictureChip);
    document.title = subject ? STRINGS.titled(subject) : STRINGS.name;
  }, [request]);

  useLayoutEffect(() => {
    scrollTo(0, arrival.scroll);
    // What had the focus may have gone with the old results; keyboards go on from the new ones.
    if (!start && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [arrival]);

  // Typing changes the state with every key; the grid is only drawn again when its photos change.
  const results = useMemo(() => {
    if (answer === null) return null;
    if (answer.hits.length === 0) return <Nothing searched={answer.total} />;
    return answer.kind === 'photo' ? (
      <PhotoGrid hits={answer.hits} more={answer.more} session={session} settled={answer.settled} />
    ) : (
      <CaptionList hits={answer.hits} session={session} />
    );
  }, [answer, session]);

  return (
    <DropZone onPicture={(file) => session.searchByPicture(file)}>
      <div class="page" data-stage={start ? 'start' : 'results'} data-known={status !== null || !start}>
        <Masthead state={state} status={status} empty={empty} session={session}>
          {hasCaptions && start && <KindSwitch kind={request.kind} onChange={(kind) => session.find(kind)} />}
        </Masthead>
        {status?.ingest.running && <IngestProgress ingest={status.ingest} />}
        <main class="results" ref={main} tabIndex={-1} data-busy={phase === 'searching'}>
          {locked && <SignIn />}
          {inLibrary && !locked && <LibraryView status={status} />}
          {empty && <EmptyLibrary />}
          {!start && !inLibrary && (
            <div class="results-header">
              <ResultSummary state={state} />
              <Refinements request={request} session={session} />
              {request.text !== '' && (
                <CloseReading
                  closely={request.closely}
                  onChange={(closely) => session.readClosely(closely)}
                />
              )}
              {hasCaptions && <KindSwitch kind={request.kind} onChange={(kind) => session.find(kind)} />}
            </div>
          )}
          {trouble !== null && answer === null && <Notice trouble={trouble} session={session} />}
          {answer?.warnings.map((warning) => (
            <p class="warning" key={warning}>
              {warning}
            </p>
          ))}
          {results}
          {answer === null && phase === 'searching' && <PhotoSkeleton kind={request.kind} />}
          {trouble !== null && answer !== null && <Notice trouble={trouble} session={session} />}
          {answer?.more && answer.kind === 'caption' && (
            <button
              type="button"
              class="button show-more"
              disabled={phase === 'searching'}
              aria-busy={phase === 'extending'}
              onClick={() => session.showMore()}
            >
              {phase === 'extending' ? STRINGS.loadingMore : STRINGS.showMore}
            </button>
          )}
        </main>
        <PageFooter status={status} />
      </div>
      {shown !== undefined && viewing !== null && answer !== null && (
        <PhotoViewer hit={shown} text={request.text} index={viewing} answer={answer} session={session} />
      )}
    </DropZone>
  );
}
