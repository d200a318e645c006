import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unit } from '#src/core/embedding.js';
import type { Filter } from '#src/core/filter.js';
import { NO_METADATA } from '#src/core/photo-metadata.js';
import type { LibraryChange } from '#src/core/ports.js';
import { SEARCH_MODES, SORT_ORDERS } from '#src/core/query.js';
import { type CandidateRequest, findCandidates } from '#src/engine/candidates.js';
import { Background } from '#src/engine/confidence.js';
import { Library } from '#src/index/mod.js';
import { repetitions } from '../support/long-run.js';

const DIMENSIONS = 16;
const COUNT = 3000;
const KEYWORDS = ['dog', 'cat', 'boat', 'tree'];

function vectorOf(seed: number): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233)));
}

const folder = mkdtempSync(join(tmpdir(), 'sightline-candidates-'));
let library: Library;
let background: Background;

beforeAll(async () => {
  library = await Library.open({ folder, modelId: 'test', dimensions: DIMENSIONS, readOnly: false });
  const changes = Array.from({ length: COUNT }, (_, i): LibraryChange => {
    const keywords = KEYWORDS.filter((_word, n) => i % (n * 7 + 3) === 0);
    const metadata = { ...NO_METADATA, keywords, takenAt: new Date(1.6e12 + ((i * 7919) % COUNT) * 1e6) };
    return {
      type: 'photo',
      file: { path: `/photos/${i % 5}/${i}.jpg`, size: i, mtimeMs: 1 },
      contentHash: `h${i}`,
      photo: { width: i + 1, height: 100, format: 'jpeg', embedding: vectorOf(i), metadata },
    };
  });
  library.commit(changes);
  background = new Background(library);
});
afterAll(async () => {
  await library.close();
  rmSync(folder, { recursive: true, force: true });
});

const filter: fc.Arbitrary<Filter | undefined> = fc.option(
  fc.oneof(
    fc.integer({ min: 1, max: COUNT }).map((value): Filter => ({ field: 'width', op: '<=', value })),
    fc.constantFrom(...KEYWORDS).map((value): Filter => ({ field: 'tag', op: ':', value })),
    fc.constant<Filter>({ not: { field: 'folder', op: ':', value: '3' } }),
  ),
  { nil: undefined },
);

const asked: fc.Arbitrary<CandidateRequest> = fc
  .record({
    seed: fc.nat(10_000),
    texts: fc.constantFrom(['dog'], ['a cat on a boat'], ['nothing known'], []),
    filter,
    mode: fc.constantFrom(...SEARCH_MODES),
    cutoff: fc.boolean(),
    sort: fc.constantFrom(...SORT_ORDERS),
  })
  .map(({ seed, ...rest }) => ({
    ...rest,
    kind: 'photo' as const,
    vector: vectorOf(seed + 0.5),
    itemIds: [],
    wanted: 0,
  }));

const find = (request: CandidateRequest, wanted: number): readonly number[] =>
  findCandidates({ ...request, wanted }, library, background)
    .list.slice(0, wanted)
    .map(({ id }) => id);

describe('candidates', () => {
  it('begin the same however many are wanted, and no page repeats or skips', () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 60, max: 400 }), (request, size) => {
        const all = find(request, 700);
        expect(new Set(all).size).toBe(all.length);
        expect(find(request, 5)).toEqual(all.slice(0, 5));
        expect(find(request, 15)).toEqual(all.slice(0, 15));
        const pages: number[] = [];
        for (let offset = 0; offset < 700; offset += size)
          pages.push(...find(request, Math.min(700, offset + size)).slice(offset));
        expect(pages).toEqual(all);
      }),
      { numRuns: repetitions(12, 300) },
    );
  });

  it('are exactly those that a filter leaves, the nearest first', () => {
    fc.assert(
      fc.property(asked, filter, (request, condition) => {
        if (condition === undefined) return;
        const semantic = {
          ...request,
          filter: condition,
          mode: 'semantic',
          cutoff: false,
          sort: 'score',
        } as const;
        const ids = library.filters.matching('photo', condition, COUNT) ?? new Int32Array();
        const truth = library.searchAmong('photo', request.vector, ids, 50).map(({ id }) => id);
        expect(find(semantic, 50)).toEqual(truth);
      }),
      { numRuns: repetitions(40, 400) },
    );
  });

  it('keep what a cut-off left in the order that it had', () => {
    fc.assert(
      fc.property(asked, (request) => {
        const [cut, all] = [true, false].map((cutoff) => find({ ...request, cutoff, sort: 'score' }, 300));
        const places = (cut ?? []).map((id) => (all ?? []).indexOf(id));
        expect(places.filter((place) => place >= 0)).toEqual(
          places.filter((place) => place >= 0).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: repetitions(25, 200) },
    );
  });
});
