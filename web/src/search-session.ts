import { ApiError, search, searchInStages } from './api.js';
import type { ItemKind, SortOrder } from './contract.js';
import { requestAt } from './search-address.js';
import {
  asksNothing,
  has,
  MOST_PICTURES,
  NOTHING_ASKED,
  ownPictures,
  type Part,
  partOf,
  type Place,
  sameRequest,
  type SearchRequest,
  type Subject,
} from './search-request.js';
import { INITIAL_STATE, nextState, type SearchEvent, type SearchState } from './search-state.js';
import { STRINGS } from './strings.js';
import { isWhole, lifted } from './typed-line.js';
import { Visits } from './visits.js';

/** How long a pause in typing counts as the end of a thought. */
const TYPING_PAUSE_MS = 250;
/** And in dragging a weight, of which one wants to see what it does. */
const DRAGGING_PAUSE_MS = 120;

/** One visitor's searching: the state, the requests under way, and the browser's history. */
export class SearchSession {
  #state: SearchState = INITIAL_STATE;
  readonly #listeners = new Set<() => void>();
  readonly #shows = new Set<(index: number) => void>();
  readonly #visits = new Visits();
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
    this.#visits.start();
    addEventListener('popstate', (event) => this.#return(event.state));
    const request = requestAt(location.search, []);
    if (asksNothing(request)) this.#tell({ type: 'asked', request, draft: '' }, { type: 'left' });
    else this.#ask(request, request.text);
  }

  type(draft: string): void {
    this.#tell({ type: 'typed', draft });
    clearTimeout(this.#pause);
    // A condition that is half typed would be refused with every key.
    this.#pause = setTimeout(() => isWhole(draft) && this.#askTyped(this.#typed()), TYPING_PAUSE_MS);
  }

  /** Searches at once, without waiting for a pause in typing; conditions leave the line and become chips. */
  submit(): void {
    const typed = this.#typed();
    const request = lifted(typed);
    if (request.text !== typed.text) this.#tell({ type: 'typed', draft: request.text });
    this.#askTyped(request);
    this.#typing = false;
  }

  /** The line with what was chosen to complete it; with a whole condition it is asked at once. */
  complete(line: string): void {
    this.type(line);
    if (line.endsWith(' ')) this.submit();
  }

  searchFor(text: string, kind: ItemKind = this.#state.request.kind): void {
    this.#go({ ...NOTHING_ASKED, text, kind, closely: this.#state.request.closely });
  }

  /** Everything that meets a condition. */
  browse(filter: string): void {
    this.#go({ ...NOTHING_ASKED, filters: [filter] });
  }

  /** @param but what should be otherwise: “at night” */
  moreLike(id: number, but = ''): void {
    this.#go({ ...NOTHING_ASKED, parts: [partOf({ photo: id })], text: but.trim() });
  }

  /** Makes something a part of the query. */
  add(subject: Subject, away = false): void {
    const request = this.#typed();
    if ('words' in subject && subject.words.trim() === '') return;
    if (!has(request, subject)) this.#go({ ...request, parts: [...request.parts, partOf(subject, away)] });
  }

  /** `files` may be anything that was dropped or pasted; only what is certainly no picture is refused here. */
  addPictures(files: readonly File[]): void {
    const pictures = files.filter(({ type }) => type === '' || type.startsWith('image/'));
    if (pictures.length < files.length) return this.#refuse(STRINGS.noPicture);
    const request = this.#typed();
    const parts = pictures.map((picture) => partOf({ picture }));
    // A look-up is about one picture: another one takes its place.
    if (request.kind === 'caption')
      return this.#go({ ...NOTHING_ASKED, kind: 'caption', parts: parts.slice(0, 1) });
    if (ownPictures(request).length + parts.length > MOST_PICTURES)
      return this.#refuse(STRINGS.tooManyPictures(MOST_PICTURES));
    this.#go({ ...request, parts: [...request.parts, ...parts] });
  }

  removePart(place: number): void {
    const request = this.#typed();
    this.#go({ ...request, parts: request.parts.toSpliced(place, 1) });
  }

  /** Wanted becomes unwanted, and the other way round. */
  turnPart(place: number): void {
    this.#go(this.#withPart(place, (part) => ({ ...part, away: !part.away })));
  }

  weighPart(place: number, weight: number): void {
    const request = this.#withPart(place, (part) => ({ ...part, weight }));
    this.#tell({ type: 'weighed', request });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#visits.travel(request, 'replace');
      this.#ask(request, this.#state.draft);
    }, DRAGGING_PAUSE_MS);
  }

  removeFilter(filter: string): void {
    const request = this.#typed();
    this.#go({ ...request, filters: request.filters.filter((one) => one !== filter) });
  }

  find(kind: ItemKind): void {
    this.#go({ ...this.#typed(), kind });
  }

  readClosely(closely: boolean): void {
    this.#go({ ...this.#typed(), closely });
  }

  sortBy(sort: SortOrder): void {
    this.#go({ ...this.#typed(), sort });
  }

  open(place: Place, kind: ItemKind = 'photo'): void {
    this.#go({ ...NOTHING_ASKED, kind, place });
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

  view(index: number | null): void {
    if (index !== null) for (const listener of this.#shows) listener(index);
    this.#tell({ type: 'viewed', index });
  }

  dismissTrouble(): void {
    this.#tell({ type: 'dismissed' });
  }

  #refuse(text: string): void {
    this.#tell({ type: 'refused', trouble: { text, passing: false } });
  }

  /** The request with the words as they stand; they refine a picture or a photo that is part of it. */
  #typed(): SearchRequest {
    const { request, draft } = this.#state;
    return { ...request, text: draft.trim(), place: 'search' };
  }

  #withPart(place: number, change: (part: Part) => Part): SearchRequest {
    const request = this.#typed();
    return { ...request, parts: request.parts.map((part, at) => (at === place ? change(part) : part)) };
  }

  #askTyped(request: SearchRequest): void {
    clearTimeout(this.#pause);
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
    if (how === 'push') this.#remember();
    this.#visits.travel(request, how);
  }

  #remember(): void {
    const { request, answer, phase } = this.#state;
    this.#visits.remember(request, phase === 'searching' ? null : answer);
  }

  #return(state: unknown): void {
    this.#remember();
    clearTimeout(this.#pause);
    this.#typing = false;
    const visit = this.#visits.arrive(state);
    const request = requestAt(location.search, visit?.pictures ?? []);
    if (!visit?.answer) return this.#ask(request, request.text);
    this.#underWay.abort();
    this.#tell({ type: 'recalled', request, answer: visit.answer, scroll: visit.scroll });
  }

  #tell(...events: SearchEvent[]): void {
    this.#state = events.reduce(nextState, this.#state);
    for (const listener of this.#listeners) listener();
  }
}
