/**
 * Answers to searches as they were written, for as long as nothing changes that they were made of: the same question again
 * costs reading it and sending the answer. Whether something has changed the catalog tells, whoever changed it, in
 * a few microseconds. What an answer says of its own time, and of how fresh the library is, is said anew each time.
 */
import { LruCache } from '../core/lru-cache.js';
import type { SearchResult, SearchTiming } from '../core/query.js';
import { Remembered } from '../core/remembered.js';
import type { SearchEngine } from '../engine/mod.js';
import { searchAnswer, type SearchRequest } from './search-schemas.js';
import { freshnessAnswer } from './status-schemas.js';
import { WrittenJson } from './written-json.js';

/** About a thousand pages of twenty hits. */
const BYTES = 16 * 1024 * 1024;

interface Kept {
  readonly key: string;
  /** The answer up to where it speaks of now. */
  readonly beginning: Buffer;
}

const bytesOf = ({ key, beginning }: Kept): number => 2 * key.length + beginning.length;

/** How far the fused encoder reads depends on how fast it is at the moment; everything else on the library alone. */
const isLasting = ({ rerank }: SearchResult): boolean => rerank === null || rerank.of === 0;

export interface GivenAnswer {
  readonly answer: WrittenJson;
  readonly timing: SearchTiming;
  readonly repeated: boolean;
}

export class AnswerMemory {
  readonly #engine: SearchEngine;
  readonly #kept: Remembered<Kept>;

  constructor(engine: SearchEngine) {
    this.#engine = engine;
    this.#kept = new Remembered(() => engine.revision, new LruCache(BYTES, bytesOf));
  }

  /** @param request checked, so that equal ones are written alike */
  async answer(request: SearchRequest, search: () => Promise<SearchResult>): Promise<GivenAnswer> {
    const start = performance.now();
    const { revision } = this.#engine;
    const key = JSON.stringify(request);
    const known = this.#kept.values.get(key);
    if (known !== undefined) {
      const total = performance.now() - start;
      return {
        ...this.#given(known.beginning, { encode: 0, search: total, rerank: 0, total }),
        repeated: true,
      };
    }
    const result = await search();
    const { timing, freshness: _now, ...rest } = searchAnswer(result);
    const beginning = Buffer.from(JSON.stringify(rest).slice(0, -1));
    if (isLasting(result) && this.#engine.revision === revision)
      this.#kept.values.set(key, { key, beginning });
    return { ...this.#given(beginning, timing), repeated: false };
  }

  #given(beginning: Buffer, timing: SearchTiming): Omit<GivenAnswer, 'repeated'> {
    const freshness = freshnessAnswer(this.#engine.freshness());
    const now = JSON.stringify({ timing, freshness }).slice(1);
    return { answer: new WrittenJson(Buffer.concat([beginning, Buffer.from(`,${now}`)])), timing };
  }
}
