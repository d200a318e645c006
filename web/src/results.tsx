import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { CaptionList } from './caption-list.js';
import { CaptionLookup } from './caption-lookup.js';
import { ChoiceSwitch } from './choice-switch.js';
import type { ItemKind } from './contract.js';
import { Nothing } from './nothing.js';
import { Notice } from './notice.js';
import { PhotoGrid } from './photo-grid.js';
import { PhotoSkeleton } from './photo-skeleton.js';
import { QueryBlocks } from './query-blocks.js';
import { Refinements } from './refinements.js';
import { ResultSummary } from './result-summary.js';
import type { SearchSession } from './search-session.js';
import type { SearchState } from './search-state.js';
import { STRINGS } from './strings.js';

const KINDS: readonly ItemKind[] = ['photo', 'caption'];

export interface ResultsProps {
  readonly state: SearchState;
  readonly session: SearchSession;
  /** There are captions to find. */
  readonly hasCaptions: boolean;
}

/** What a search is built of, what it found, and more of that. */
export function Results({ state, session, hasCaptions }: ResultsProps): VNode {
  const { request, answer, phase, trouble } = state;
  // Typing changes the state with every key; the grid is only drawn again when its photos change.
  const hits = useMemo(() => {
    if (answer === null) return null;
    if (answer.hits.length === 0) return <Nothing searched={answer.total} />;
    return answer.kind === 'photo' ? (
      <PhotoGrid hits={answer.hits} more={answer.more} session={session} settled={answer.settled} />
    ) : (
      <CaptionList hits={answer.hits} session={session} />
    );
  }, [answer, session]);
  const found = (
    <>
      {trouble !== null && answer === null && <Notice trouble={trouble} session={session} />}
      {answer?.warnings.map((warning) => (
        <p class="warning" key={warning}>
          {warning}
        </p>
      ))}
      {hits}
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
    </>
  );
  return (
    <>
      <QueryBlocks request={request} session={session} />
      <div class="results-header">
        <ResultSummary state={state} />
        <Refinements request={request} session={session} />
        {hasCaptions && (
          <ChoiceSwitch
            name="kind"
            label={STRINGS.kindLabel}
            choices={KINDS}
            nameOf={(kind) => STRINGS.kinds[kind]}
            chosen={request.kind}
            onChange={(kind) => session.find(kind)}
          />
        )}
      </div>
      {request.kind === 'caption' ? (
        <CaptionLookup request={request} session={session}>
          {found}
        </CaptionLookup>
      ) : (
        found
      )}
    </>
  );
}
