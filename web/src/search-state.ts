/** Everything the page knows about the search under way, and how each event changes it. */
import type { Hit, ItemKind, SearchAnswer } from './contract.js';
import { NOTHING_ASKED, type SearchRequest } from './search-request.js';

export interface Answer {
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly milliseconds: number;
  readonly warnings: readonly string[];
  /** The server has more hits behind these. */
  readonly more: boolean;
  /** The hits are captions or photos, which the switch may already say differently while the next search runs. */
  readonly kind: ItemKind;
  /** How deep the fused mode read; null where it was not to. */
  readonly read: { readonly depth: number; readonly of: number } | null;
  /** The hits are those of an answer that was shown, in another order. */
  readonly settled: boolean;
}

/** What went wrong, in words for people. */
export interface Trouble {
  readonly text: string;
  /** Whether trying again could help. */
  readonly passing: boolean;
}

export interface SearchState {
  /** What stands in the search field; runs ahead of `request` while somebody types. */
  readonly draft: string;
  readonly request: SearchRequest;
  readonly phase: 'idle' | 'searching' | 'settling' | 'extending';
  readonly answer: Answer | null;
  readonly trouble: Trouble | null;
  /** Which hit the viewer shows. */
  readonly viewing: number | null;
  /** How far down to stand when the answer is drawn; a new object for every new answer. */
  readonly arrival: { readonly scroll: number };
}

export type SearchEvent =
  | { readonly type: 'typed'; readonly draft: string }
  | { readonly type: 'left' }
  | { readonly type: 'asked'; readonly request: SearchRequest; readonly draft: string }
  /** A part counts more or less; the search for it is about to come. */
  | { readonly type: 'weighed'; readonly request: SearchRequest }
  | { readonly type: 'answered'; readonly answer: SearchAnswer; readonly final: boolean }
  | { readonly type: 'settled'; readonly answer: SearchAnswer }
  | {
      readonly type: 'recalled';
      readonly request: SearchRequest;
      readonly answer: Answer;
      readonly scroll: number;
    }
  | { readonly type: 'extending' }
  | { readonly type: 'extended'; readonly answer: SearchAnswer }
  | { readonly type: 'failed'; readonly trouble: Trouble }
  | { readonly type: 'refused'; readonly trouble: Trouble }
  | { readonly type: 'dismissed' }
  | { readonly type: 'viewed'; readonly index: number | null };

export const INITIAL_STATE: SearchState = {
  draft: '',
  request: NOTHING_ASKED,
  phase: 'idle',
  answer: null,
  trouble: null,
  viewing: null,
  arrival: { scroll: 0 },
};

export function nextState(state: SearchState, event: SearchEvent): SearchState {
  switch (event.type) {
    case 'typed':
      return { ...state, draft: event.draft };
    case 'left':
      return {
        ...INITIAL_STATE,
        request: {
          ...NOTHING_ASKED,
          kind: state.request.kind,
          closely: state.request.closely,
          place: state.request.place,
        },
        trouble: state.trouble,
      };
    case 'asked':
      return {
        ...state,
        draft: event.draft,
        request: event.request,
        phase: 'searching',
        trouble: null,
        viewing: null,
      };
    case 'weighed':
      return { ...state, request: event.request };
    case 'answered':
      return {
        ...state,
        phase: event.final ? 'idle' : 'settling',
        trouble: null,
        answer: firstPage(event.answer, state.request.kind),
        arrival: { scroll: 0 },
      };
    case 'settled':
      return {
        ...state,
        phase: 'idle',
        answer: { ...firstPage(event.answer, state.request.kind), settled: true },
        viewing: sameHit(state, event.answer),
      };
    case 'recalled':
      return {
        ...INITIAL_STATE,
        draft: event.request.text,
        request: event.request,
        answer: event.answer,
        arrival: { scroll: event.scroll },
      };
    case 'extending':
      return { ...state, phase: 'extending', trouble: null };
    case 'extended':
      return { ...state, phase: 'idle', answer: state.answer && withPage(state.answer, event.answer) };
    case 'failed':
      // Hits of an earlier question would look like the answer to this one.
      return {
        ...state,
        phase: 'idle',
        trouble: event.trouble,
        answer: state.phase === 'extending' ? state.answer : null,
      };
    case 'refused':
      return { ...state, trouble: event.trouble };
    case 'dismissed':
      return { ...state, trouble: null };
    case 'viewed':
      return { ...state, viewing: event.index };
    default:
      return event satisfies never;
  }
}

function firstPage(answer: SearchAnswer, kind: ItemKind): Answer {
  const { hits, total, timing, warnings, rerank, next } = answer;
  const more = next !== null;
  return { hits, total, warnings, kind, more, milliseconds: timing.total, read: rerank, settled: false };
}

/** Who looks at a photo goes on looking at it, wherever it stands now. */
function sameHit({ answer, viewing }: SearchState, { hits }: SearchAnswer): number | null {
  const viewed = viewing === null ? undefined : answer?.hits[viewing];
  const place = hits.findIndex((hit) => hit.id === viewed?.id);
  return place < 0 ? null : place;
}

function withPage(answer: Answer, page: SearchAnswer): Answer {
  // A photo ingested in between shifts the pages: the last hit of one can be the first of the next.
  const known = new Set(answer.hits.map((hit) => hit.id));
  const hits = [...answer.hits, ...page.hits.filter((hit) => !known.has(hit.id))];
  return { ...answer, hits, total: page.total, settled: false, more: page.next !== null };
}
