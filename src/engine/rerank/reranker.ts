import { asSightlineError } from '../../core/errors.js';
import type { Fusion, PairWeights, ScorerName } from '../../core/fusion.js';
import type { Item, ItemId } from '../../core/item.js';
import type { RerankReport } from '../../core/query.js';
import type { Encoder } from '../../encoder/mod.js';
import type { Candidate } from '../candidates.js';
import type { RerankRequest, RerankStage, RerankSubject } from '../rerank-stage.js';
import { termsOf } from './clause-terms.js';
import { parseQuery } from './clauses.js';
import { Timer } from './deadline.js';
import { Hubness } from './hubness.js';
import { merged, type Reading } from './merge.js';
import { Pace } from './pace.js';
import { PairReader, type ReadingTask, type Term } from './pair-reader.js';
import { checkedPatience, DEFAULT_BUDGET_MS, depthWithin } from './patience.js';
import type { PhotoPixels } from './photo-pixels.js';
import { ScoreMemory } from './score-memory.js';
import { type SelfTest, selfTest } from './self-test.js';

export interface RerankerParts {
  /** The model that reads; not always the one that found. */
  readonly reader: Encoder;
  /** Of an item, in the space that `reader` knows the hubs of; absent where another model found. */
  readonly embedding?: ((id: ItemId) => Float32Array | undefined) | undefined;
  /** Those that there are, by their ids. */
  readonly items: { of(ids: readonly ItemId[]): ReadonlyMap<ItemId, Item> };
  readonly photos: PhotoPixels;
}

interface Reranked {
  readonly candidates: readonly Candidate[];
  readonly report: RerankReport;
}

/** A candidate with its row, which is read once. */
interface Alive {
  readonly candidate: Candidate;
  readonly item: Item;
}

/** Until the scorer has shown how fast it is. */
const PRESUMED_MS = 8;

const TIME_IS_UP = 'The time was up; what was not read follows in the order it was found in.';
const UNREADABLE = 'Some files cannot be read any more; they follow in the order they were found in.';
const STILL_LOADING = 'The model is still being loaded for the fused mode; ask again.';
const NO_TEXT =
  'The fused mode reads words and pictures together, and the query and its hits are not one of each.';

/** Where nothing was fitted: the scorer's own order. */
const UNFITTED: PairWeights = { scale: 0, weight: 1, bias: 0, temperature: 1 };

/** The fused mode over a library: reads the best candidates of a query and puts them in order. */
export class Reranker implements RerankStage {
  readonly #parts: RerankerParts;
  readonly #fusion: Fusion | undefined;
  readonly #scorer: ScorerName | undefined;
  readonly #memory = new ScoreMemory();
  #trust: Promise<SelfTest> | undefined;
  #speed: number | undefined;
  #hubs: Hubness | undefined;
  #pace: Pace | undefined;

  constructor(parts: RerankerParts) {
    this.#parts = parts;
    const { fusion } = parts.reader.bundle.manifest;
    this.#scorer = fusion?.scorer ?? parts.reader.scorers[0];
    this.#fusion = fusion;
  }

  /**
   * @throws ERR_REQUEST_INVALID for a depth or a budget that means nothing, ERR_MODEL_CAPABILITY where a rerank is asked for
   * that the model cannot do
   */
  depth({ asked, subject }: RerankRequest): number {
    const { depth, budgetMs = DEFAULT_BUDGET_MS } = checkedPatience(asked);
    if (!this.#isWanted(asked) || !readable(subject)) return 0;
    // Named where it lacks: the encoder's refusal says which heads there are.
    if (this.#scorer === undefined) this.#parts.reader.scorer('match');
    return depth ?? depthWithin(budgetMs, this.#speed ?? PRESUMED_MS);
  }

  whyNot({ asked, subject }: RerankRequest): RerankReport | null {
    if (!readable(subject)) return asked ? { depth: 0, of: 0, reason: NO_TEXT } : null;
    if (asked !== undefined || this.#scorer === undefined) return null;
    return { depth: 0, of: 0, reason: this.gate.reason };
  }

  positive(text: string): string {
    return parseQuery(text).positive;
  }

  /**
   * Who did not ask for it is answered without it where it fails.
   * @throws the signal's reason; where it was asked for: ERR_MODEL_CAPABILITY for a scorer that cannot be believed,
   * ERR_ENCODER_FAILED
   */
  async rerank(request: RerankRequest, candidates: readonly Candidate[]): Promise<Reranked> {
    try {
      return await this.#rerank(request, candidates);
    } catch (error) {
      if (request.asked !== undefined || request.signal?.aborted) throw error;
      const reason = asSightlineError(error).message;
      return { candidates, report: { depth: 0, of: this.depth(request), reason } };
    }
  }

  async #rerank(request: RerankRequest, candidates: readonly Candidate[]): Promise<Reranked> {
    const { asked, signal } = request;
    const { budgetMs = DEFAULT_BUDGET_MS } = checkedPatience(asked);
    const wanted = this.depth(request);
    const deadline = new Timer(budgetMs);
    try {
      const tested = await Promise.race([this.warmUp(), deadline.passed.then(() => undefined)]);
      const alive = this.#alive(candidates.slice(0, wanted));
      const best = alive.map(({ candidate }) => candidate);
      const rest = candidates.slice(wanted);
      if (tested === undefined)
        return {
          candidates: [...best, ...rest],
          report: { depth: 0, of: best.length, reason: STILL_LOADING },
        };
      const tasks = this.#tasks(request.subject, alive);
      const pairs = new PairReader(this.#parts.reader.scorer(this.#scorer ?? 'match'), this.#memory);
      const pace = (this.#pace ??= new Pace(tested.millisecondsEach));
      const { sums, late } = await pairs.read(tasks, { pace, deadline, signal });
      const hubnessOf = await this.#hubness(request.subject);
      const readings = best.map((candidate, place): Reading => {
        const fused = sums[place];
        return { candidate, fused, hubness: fused === undefined ? 0 : hubnessOf(candidate.id) };
      });
      const depth = sums.filter((sum) => sum !== undefined).length;
      const direction = request.subject.kind === 'photo' ? 'textToImage' : 'imageToText';
      const weights = this.#fusion?.[direction] ?? UNFITTED;
      const all = [...readings, ...rest.map(unread)];
      const whyLess = late ? TIME_IS_UP : tasks.length > 0 ? UNREADABLE : NO_TEXT;
      return {
        candidates: merged(all, weights, this.#fusion !== undefined),
        report: { depth, of: best.length, reason: depth < best.length ? whyLess : null },
      };
    } finally {
      deadline.cancel();
    }
  }

  /** Loads the scorer and sees whether it can be believed, once. @throws ERR_MODEL_CAPABILITY, ERR_ENCODER_FAILED */
  async warmUp(): Promise<SelfTest> {
    const { reader } = this.#parts;
    const { name, imageSize } = reader.bundle.manifest;
    this.#trust ??= selfTest(reader.scorer(this.#scorer ?? 'match'), name, imageSize).catch(
      (error: unknown) => {
        // What cannot be believed stays so; what only failed may be tried again.
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODEL_CAPABILITY'))
          this.#trust = undefined;
        throw error;
      },
    );
    // A search that does not wait for it any longer must not leave a rejection behind.
    this.#trust.catch(() => {});
    const tested = await this.#trust;
    this.#speed = tested.millisecondsEach;
    return tested;
  }

  /** How much of a hub a photo is; 0 for all where the weights do not ask for it. */
  async #hubness({ kind }: RerankSubject): Promise<(id: ItemId) => number> {
    const { embedding, reader } = this.#parts;
    if (kind !== 'photo' || embedding === undefined || this.#fusion?.textToImage.hubness === undefined)
      return () => 0;
    const references = await reader.references();
    if (references === undefined) return () => 0;
    const hubs = (this.#hubs ??= new Hubness(references));
    return (id) => hubs.ofItem(id, embedding);
  }

  /** Loads the scorer if candidates are read unasked; what fails is told by the search that reads. */
  async ready(): Promise<void> {
    if (this.isDefault) await this.warmUp().catch(() => {});
  }

  /** What the manifest of the model that reads says. */
  get gate(): { readonly default: boolean; readonly reason: string } {
    return this.#parts.reader.bundle.manifest.rerank;
  }

  get isDefault(): boolean {
    return this.#scorer !== undefined && this.gate.default;
  }

  #isWanted(asked: RerankRequest['asked']): boolean {
    return asked === undefined ? this.isDefault : asked !== false;
  }

  /** Without those that were deleted since they were found. */
  #alive(candidates: readonly Candidate[]): Alive[] {
    const items = this.#parts.items.of(candidates.map(({ id }) => id));
    return candidates.flatMap((candidate): Alive[] => {
      const item = items.get(candidate.id);
      return item === undefined ? [] : [{ candidate, item }];
    });
  }

  #tasks(subject: RerankSubject, alive: readonly Alive[]): ReadingTask[] {
    const { items, photos } = this.#parts;
    const asked = items.of(subject.itemIds);
    const named = subject.itemIds.map((id) => asked.get(id)).find((item) => item?.kind === 'photo');
    const [shown] = subject.pictures;
    const picture = (shown && photos.foreign(shown)) ?? (named && photos.image(named));
    const terms: readonly Term[] =
      subject.kind === 'photo' ? termsOf(parseQuery(subject.texts.join(', ')), subject.unwanted) : [];
    return alive.flatMap(({ item }): ReadingTask[] => {
      if (item.kind === 'photo') return [{ image: photos.image(item), terms }];
      if (picture === undefined) return [];
      return [{ image: picture, terms: [{ text: item.text, factor: 1 }] }];
    });
  }
}

const unread = (candidate: Candidate): Reading => ({ candidate, hubness: 0, fused: undefined });

/** Words asked of photos, or a picture asked of captions. */
function readable({ kind, texts, pictures, itemIds }: RerankSubject): boolean {
  return kind === 'photo' ? texts.length > 0 : pictures.length + itemIds.length > 0;
}
