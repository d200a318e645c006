import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { LibraryChange } from '#src/core/ports.js';
import { Library } from '#src/index/mod.js';
import { drawnSeed, repetitions } from '../support/long-run.js';
import { asAfterCrash } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DIMENSIONS = 4;
/** So low that even these few make a graph be built by its thread now and then. */
const LIMITS = { fresh: 7, tombstones: 6, tombstoneShare: 0.5 };
const vectorOf = (content: number): Float32Array =>
  unit(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.cos(content * 7.3 + i * 2.1)));

const open = (folder: string): Promise<Library> =>
  Library.open({ folder, modelId: 'test', dimensions: DIMENSIONS, readOnly: false, limits: LIMITS });

type Step =
  | { readonly type: 'photo'; readonly path: number; readonly content: number }
  | { readonly type: 'failure'; readonly path: number }
  | { readonly type: 'forget'; readonly path: number }
  | { readonly type: 'save' | 'reopen' | 'lose snapshot' | 'crash' | 'settle' };

const path = fc.nat(6);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('photo' as const), path, content: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('failure' as const), path }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('forget' as const), path }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('save', 'reopen', 'lose snapshot', 'crash', 'settle') }),
  },
);

function photo(library: Library, pathNumber: number, content: number): LibraryChange {
  const contentHash = `content-${content}`;
  const file = { path: `/photos/${pathNumber}.jpg`, size: content, mtimeMs: content };
  if (library.has('photo', contentHash)) return { type: 'photo', file, contentHash };
  const embedding = vectorOf(content);
  return { type: 'photo', file, contentHash, photo: { width: 1, height: 1, format: 'jpeg', embedding } };
}

/** What is on each path, and so which contents must be found: nothing else. */
async function check(library: Library, onPath: ReadonlyMap<number, number>): Promise<void> {
  const contents = new Set(onPath.values());
  expect(library.searchable('photo')).toBe(contents.size);
  for (const content of contents) {
    const [best] = library.search('photo', vectorOf(content), 1);
    const item = best && library.item(best.id);
    expect(item?.contentHash).toBe(`content-${content}`);
    const known = [...onPath].filter(([, at]) => at === content).map(([at]) => `/photos/${at}.jpg`);
    expect(known).toContain(item?.path);
  }
  const { drift, problems, unembedded } = library.examine();
  expect({ drift, problems, unembedded }).toEqual({
    drift: { photo: { missing: 0, surplus: 0 }, caption: { missing: 0, surplus: 0 } },
    problems: [],
    unembedded: 0,
  });
}

describe('a library', () => {
  it('holds exactly what its paths lead to, through any sequence of changes and reopenings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let folder = temporaryFolder();
        const onPath = new Map<number, number>();
        let library = await open(folder);
        for (const one of steps) {
          if (one.type === 'photo') {
            library.commit([photo(library, one.path, one.content)]);
            onPath.set(one.path, one.content);
          } else if (one.type === 'failure') {
            const file = { path: `/photos/${one.path}.jpg`, size: 0, mtimeMs: 0 };
            library.commit([{ type: 'failure', file, code: 'ERR_IMAGE_UNREADABLE', reason: 'torn' }]);
            onPath.delete(one.path);
          } else if (one.type === 'forget') {
            library.forget([`/photos/${one.path}.jpg`]);
            onPath.delete(one.path);
          } else if (one.type === 'save') {
            await library.save();
          } else if (one.type === 'settle') {
            // Upkeep gets a turn: what is fresh moves into the graph, a graph may be built anew.
            await nextTurn();
          } else if (one.type === 'crash') {
            // What lies on disk at this moment is all that the next process has.
            const left = asAfterCrash(folder);
            await library.close();
            folder = left;
            library = await open(folder);
          } else {
            await library.close();
            if (one.type === 'lose snapshot')
              rmSync(join(folder, 'vectors'), { recursive: true, force: true });
            library = await open(folder);
          }
          await check(library, onPath);
        }
        await library.close();
      }),
      { numRuns: repetitions(80, 500), seed: drawnSeed('sequences of changes') },
    );
  });
});
