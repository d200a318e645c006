/** The second stage of a search: what may be among the hits, best first, before the fused mode and before any row is read. */
import type { Filter } from '../core/filter.js';
import type { ItemId, ItemKind } from '../core/item.js';
import type { Cutoff, Hit, SearchMode, SearchPlan, SortOrder } from '../core/query.js';
import type { Library } from '../index/mod.js';
import { type Background, CUTOFF_CONFIDENCE } from './confidence.js';
import { Neighbours } from './neighbours.js';
import { type FusionWeights, fuse } from './rank-fusion.js';

export interface Candidate extends Omit<Hit, 'item'> {
  readonly id: ItemId;
}

export interface Candidates {
  /** Best first. The first n are the same however many were asked for. */
  readonly list: readonly Candidate[];
  readonly plan: SearchPlan;
  readonly cutoff: Cutoff | null;
}

export interface CandidateRequest {
  readonly kind: ItemKind;
  readonly vector: Float32Array;
  /** What words are looked up. */
  readonly texts: readonly string[];
  readonly itemIds: readonly ItemId[];
  readonly filter: Filter | undefined;
  readonly mode: SearchMode;
  readonly cutoff: boolean;
  readonly sort: SortOrder;
  readonly wanted: number;
  /** How words and vectors become one ranking. Default: as measured. */
  readonly fusion?: FusionWeights;
}

/** The best neighbours that are merged with words, and that confidence is told from: the same for every page. */
const POOL = 128;
/** Items that words may bring beside vectors. */
const WORD_MATCHES = 200;
/** Those among them with only some of the words: one further down ranks behind all that vectors bring. */
const PARTIAL_MATCHES = 96;
/** Items that may be weighed by their words, beside vectors and alone. */
const WORD_BUDGET = 1000;
const KEYWORD_BUDGET = 30_000;
/** The relevant ones that are put in order of time. */
const SORTABLE = 2000;

type Words = Hit['words'];

interface Ranked {
  readonly id: ItemId;
  readonly score: number;
  readonly similarity: number;
  readonly words: Words;
}

export function findCandidates(
  request: CandidateRequest,
  library: Library,
  background: Background,
): Candidates {
  const { kind, vector, filter, itemIds, mode, sort } = request;
  const neighbours = new Neighbours(library, { kind, vector, filter, without: itemIds });
  const best = neighbours.upTo(POOL).slice(0, POOL);
  const judge = background.judge(
    kind,
    vector,
    best.map(({ similarity }) => similarity),
    neighbours.population,
  );
  const deep = sort === 'score' ? request.wanted : SORTABLE;
  const ranked = mode === 'semantic' ? [] : byWords(request, library, best);
  const all: Candidate[] = ranked.map(({ id, score, similarity, words }) => {
    return { id, score, similarity, fusedScore: null, confidence: judge?.(similarity) ?? null, words };
  });
  const cut = request.cutoff && judge !== undefined;
  if (mode !== 'keyword') {
    const known = new Set(ranked.map(({ id }) => id));
    const found = cut ? all.filter(isBelievable) : all;
    // Nothing further away is believed where the last of the best is not.
    const isEnd = cut && judge(best.at(-1)?.similarity ?? -1) < CUTOFF_CONFIDENCE;
    const near = isEnd || found.length >= deep ? best : neighbours.upTo(deep + known.size);
    for (const { id, similarity } of near) {
      if (known.has(id)) continue;
      const [score, confidence] = [behind(similarity, ranked), judge?.(similarity) ?? null];
      all.push({ id, score, similarity, fusedScore: null, confidence, words: 'none' });
    }
  }
  const kept = cut ? all.filter(isBelievable) : all;
  return {
    list: sort === 'score' ? kept : byTime(kept.slice(0, deep), sort, library),
    plan: {
      mode,
      vectors: neighbours.plan,
      matching: neighbours.matching,
      examined: neighbours.examined,
    },
    cutoff: cut ? { confidence: CUTOFF_CONFIDENCE, kept: kept.length, of: all.length } : null,
  };
}

function isBelievable({ confidence, words }: Candidate): boolean {
  return words === 'all' || (confidence ?? 1) >= CUTOFF_CONFIDENCE;
}

/** Neighbours beyond those that were merged keep their order, below all that were. */
function behind(similarity: number, ranked: readonly Ranked[]): number {
  const lowest = ranked.at(-1)?.score;
  return lowest === undefined ? similarity : (lowest * (1 + similarity)) / 2;
}

/** What words find, alone or merged with the best neighbours. */
function byWords(
  { kind, vector, texts, filter, itemIds, mode, fusion }: CandidateRequest,
  library: Library,
  best: readonly { readonly id: ItemId; readonly similarity: number }[],
): Ranked[] {
  const alone = mode === 'keyword';
  const matches = library.words
    .search({
      kind,
      text: texts.join(' '),
      filter,
      limit: alone ? SORTABLE : WORD_MATCHES,
      budget: alone ? KEYWORD_BUDGET : WORD_BUDGET,
    })
    .filter(({ id, all }, place) => (alone || all || place < PARTIAL_MATCHES) && !itemIds.includes(id));
  if (matches.length === 0) return [];
  const similarities = new Map(best.map(({ id, similarity }) => [id, similarity]));
  const unknown = matches.map(({ id }) => id).filter((id) => !similarities.has(id));
  for (const { id, similarity } of library.searchAmong(kind, vector, unknown, unknown.length))
    similarities.set(id, similarity);
  const words = new Map(matches.map(({ id, all }): [ItemId, Words] => [id, all ? 'all' : 'some']));
  const vectors = alone ? [] : best.map(({ id }) => id);
  return fuse(vectors, matches, fusion).flatMap(({ id, score }): Ranked[] => {
    const similarity = similarities.get(id);
    // Without an embedding of this model it is not in the index.
    return similarity === undefined ? [] : [{ id, score, similarity, words: words.get(id) ?? 'none' }];
  });
}

function byTime(list: readonly Candidate[], sort: SortOrder, library: Library): Candidate[] {
  const times = library.filters.times(list.map(({ id }) => id));
  const sign = sort === 'newest' ? -1 : 1;
  const at = ({ id }: Candidate): number => times.get(id) ?? 0;
  return list.toSorted((a, b) => sign * (at(a) - at(b)) || a.id - b.id);
}

/** Everything that a filter leaves, by time: a question without anything to be like. */
export function browse(
  {
    kind,
    filter,
    sort,
    wanted,
  }: Pick<CandidateRequest, 'kind' | 'sort' | 'wanted'> & { readonly filter: Filter },
  library: Library,
): Candidates {
  const ids = library.filters.byDate(kind, filter, sort !== 'oldest', wanted);
  const list = ids.map((id): Candidate => {
    return { id, score: 1, similarity: 0, fusedScore: null, confidence: null, words: 'none' };
  });
  const plan = { mode: 'keyword', vectors: 'none', matching: null, examined: 0 } as const;
  return { list, plan, cutoff: null };
}
