import { ApiError, search, searchInStages } from './api.js';
import type { ItemKind, SearchRequest, SortOrder } from './contract.js';
import { addressOf, requestAt } from './search-address.js';
import {
  type Answer,
  INITIAL_STATE,
  NOTHING_ASKED,
  type SearchEvent,
  type SearchState,
  asksNothing,
  nextState,
  sameRequest,
} from './search-state.js';
import { STRINGS } from './strings.js';

/** How long a pause in typing counts as the end of a thought. */
const TYPING_PAUSE_MS = 250;
const REMEMBERED_VISITS = 30;

interface Visit {
  readonly picture: File | null;
  readonly answer: Answer | null;
  readonly scroll: number;
}

/**
 * One visitor's searching: the state, the requests under way, and the browser's history.
 *
 * Each history entry has a number, under which the session remembers what cannot be in an address: the picture, the
 * answer and how far down the visitor had read. Going back is then instant and lands where one left.
 */
export class SearchSession {
  #state: SearchState = INITIAL_STATE;
  readonly #listeners = new Set<() => void>();
  readonly #shows = new Set<(index: number) => void>();
  readonly #visits = new Map<number, Visit>();
  #visit = 0;
  #visitCount = 0;
  #underWay = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Typing on refines the same history entry until something else happens. */
  #typing = false;

  get state(): SearchState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up the search in the address, and every later one that back and forward lead to. */
  start(): void {
    history.scrollRestoration = 'manual';
    // After a reload the older entries keep their numbers, so new ones go on from there.
    this.#visit = this.#visitCount = visitNumber(history.state);
    history.replaceState({ visit: this.#visit }, '');
    addEventListener('popstate', (event) => this.#return(event.state));
    const request = requestAt(location.search, null);
    if (asksNothing(request)) this.#tell({ type: 'asked', request, draft: '' }, { type: 'left' });
    else this.#ask(request, request.text);
  }

  type(draft: string): void {
    this.#tell({ type: 'typed', draft });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#askTyped(), TYPING_PAUSE_MS);
  }

  /** Searches at once, without waiting for a pause in typing. */
  submit(): void {
    this.#askTyped();
    this.#typing = false;
  }

  searchFor(text: string, kind: ItemKind = this.#state.request.kind): void {
    this.#go({ ...NOTHING_ASKED, text, kind, closely: this.#state.request.closely });
  }

  moreLike(id: number): void {
    this.#go({ ...NOTHING_ASKED, like: id });
  }

  /** `file` may be anything that was dropped or pasted; only what is certainly no picture is refused here. */
  searchByPicture(file: File): void {
    if (file.type !== '' && !file.type.startsWith('image/')) {
      this.#tell({ type: 'refused', trouble: { text: STRINGS.noPicture, passing: false } });
      return;
    }
    this.#go({ ...NOTHING_ASKED, picture: file, kind: this.#state.request.kind });
  }

  removePicture(): void {
    this.#go({ ...this.#typed(), like: null, picture: null });
  }

  find(kind: ItemKind): void {
    this.#go({ ...this.#typed(), kind });
  }

  readClosely(closely: boolean): void {
    this.#go({ ...this.#typed(), closely });
  }

  openLibrary(): void {
    this.#go({ ...NOTHING_ASKED, kind: this.#state.request.kind, place: 'library' });
  }

  home(): void {
    this.#go(NOTHING_ASKED);
  }

  retry(): void {
    if (this.#state.answer === null) this.#ask(this.#state.request, this.#state.draft);
    else this.showMore();
  }

  showMore(): void {
    const { phase, answer, request } = this.#state;
    if (phase !== 'idle' || !answer?.more) return;
    this.#tell({ type: 'extending' });
    void this.#fetch(request, answer.hits.length, 'extended');
  }

  /** Tells a grid which photo the viewer shows, so that it is in sight when the viewer closes. */
  onShow(listener: (index: number) => void): () => void {
    this.#shows.add(listener);
    return () => this.#shows.delete(listener);
  }

  leaveOut(words: string): void {
    const { request } = this.#state;
    const trimmed = words.trim();
    if (trimmed === '' || request.leaveOut.includes(trimmed)) return;
    this.#go({ ...this.#typed(), leaveOut: [...request.leaveOut, trimmed] });
  }

  takeBack(words: string): void {
    const leaveOut = this.#state.request.leaveOut.filter((one) => one !== words);
    this.#go({ ...this.#typed(), leaveOut });
  }

  sortBy(sort: SortOrder): void {
    this.#go({ ...this.#typed(), sort });
  }

  view(index: number | null): void {
    if (index !== null) for (const listener of this.#shows) listener(index);
    this.#tell({ type: 'viewed', index });
  }

  dismissTrouble(): void {
    this.#tell({ type: 'dismissed' });
  }

  /** The request with the words as they stand; they refine a picture or a photo that is part of it. */
  #typed(): SearchRequest {
    const { request, draft } = this.#state;
    return { ...request, text: draft.trim(), place: 'search' };
  }

  #askTyped(): void {
    clearTimeout(this.#pause);
    const request = this.#typed();
    if (sameRequest(request, this.#state.request)) return;
    const refining = this.#typing && !asksNothing(request) && !asksNothing(this.#state.request);
    this.#travel(request, refining ? 'replace' : 'push');
    this.#typing = true;
    this.#ask(request, this.#state.draft);
  }

  #go(request: SearchRequest): void {
    clearTimeout(this.#pause);
    this.#typing = false;
    if (!sameRequest(request, this.#state.request)) this.#travel(request, 'push');
    this.#ask(request, request.text);
  }

  #ask(request: SearchRequest, draft: string): void {
    this.#tell({ type: 'asked', request, draft });
    if (asksNothing(request)) {
      this.#underWay.abort();
      this.#tell({ type: 'left' });
    } else {
      void this.#fetch(request, 0, 'answered');
    }
  }

  async #fetch(request: SearchRequest, offset: number, outcome: 'answered' | 'extended'): Promise<void> {
    this.#underWay.abort();
    const { signal } = (this.#underWay = new AbortController());
    try {
      if (outcome === 'extended') {
        const answer = await search(request, offset, signal);
        if (!signal.aborted) this.#tell({ type: outcome, answer });
        return;
      }
      let shown = false;
      for await (const { stage, answer } of searchInStages(request, signal)) {
        if (signal.aborted) return;
        if (shown) this.#tell({ type: 'settled', answer });
        else this.#tell({ type: outcome, answer, final: stage === 'final' });
        shown = true;
      }
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof ApiError;
      const trouble = known
        ? { text: error.message, passing: error.passing }
        : { text: STRINGS.unexpected, passing: true };
      this.#tell({ type: 'failed', trouble });
    }
  }

  #travel(request: SearchRequest, how: 'push' | 'replace'): void {
    if (how === 'replace') {
      history.replaceState({ visit: this.#visit }, '', addressOf(request));
    } else {
      this.#remember();
      this.#visit = ++this.#visitCount;
      history.pushState({ visit: this.#visit }, '', addressOf(request));
    }
    // Known from the start, so that a picture is there again even if its answer never came.
    this.#visits.set(this.#visit, { picture: request.picture, answer: null, scroll: 0 });
  }

  #remember(): void {
    const { request, answer, phase } = this.#state;
    this.#visits.delete(this.#visit);
    this.#visits.set(this.#visit, {
      picture: request.picture,
      answer: phase === 'searching' ? null : answer,
      scroll: scrollY,
    });
    const [oldest] = this.#visits.keys();
    if (this.#visits.size > REMEMBERED_VISITS && oldest !== undefined) this.#visits.delete(oldest);
  }

  #return(state: unknown): void {
    this.#remember();
    clearTimeout(this.#pause);
    this.#typing = false;
    this.#visit = visitNumber(state);
    this.#visitCount = Math.max(this.#visitCount, this.#visit);
    const visit = this.#visits.get(this.#visit);
    const request = requestAt(location.search, visit?.picture ?? null);
    if (!visit?.answer) return this.#ask(request, request.text);
    this.#underWay.abort();
    this.#tell({ type: 'recalled', request, answer: visit.answer, scroll: visit.scroll });
  }

  #tell(...events: SearchEvent[]): void {
    this.#state = events.reduce(nextState, this.#state);
    for (const listener of this.#listeners) listener();
  }
}

function visitNumber(state: unknown): number {
  return typeof state === 'object' && state !== null && 'visit' in state && typeof state.visit === 'number'
    ? state.visit
    : 0;
}
