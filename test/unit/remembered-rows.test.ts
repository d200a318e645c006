import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ItemId } from '#src/core/item.js';
import { NO_METADATA } from '#src/core/photo-metadata.js';
import type { LibraryChange } from '#src/core/ports.js';
import { Catalog } from '#src/index/catalog/catalog.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const embedding = Float32Array.of(1, 0);

function photo(path: string, content: string, keywords: readonly string[]): LibraryChange {
  const shape = { width: 1, height: 1, format: 'jpeg', embedding, metadata: { ...NO_METADATA, keywords } };
  return { type: 'photo', file: { path, size: 1, mtimeMs: 1 }, contentHash: content, photo: shape };
}

function catalogIn(folder: string, readOnly = false): Catalog {
  const catalog = new Catalog(join(folder, 'catalog.sqlite'), 'test', readOnly);
  onTestFinished(() => catalog.close());
  return catalog;
}

const found = (catalog: Catalog, text: string): string[] =>
  catalog.words
    .search({ kind: 'photo', text, filter: undefined, limit: 20, budget: 100 })
    .map(({ id, all }) => `${catalog.item(id)?.contentHash}${all ? '' : '?'}`);

it('gives several items at once, each once, and leaves out those that are gone', () => {
  const catalog = catalogIn(temporaryFolder());
  const { added } = catalog.commit([photo('/p/1.jpg', 'one', ['b', 'a']), photo('/p/2.jpg', 'two', [])]);
  const [one, two] = added.map(({ id }) => id) as [ItemId, ItemId];
  const items = catalog.items.of([two, 99 as ItemId, one, two]);
  expect([...items.keys()].toSorted((a, b) => a - b)).toEqual([one, two]);
  expect(items.get(one)).toMatchObject({ path: '/p/1.jpg', metadata: { keywords: ['a', 'b'] } });
  expect(items.get(two)).toMatchObject({ path: '/p/2.jpg', metadata: { keywords: [] } });
  expect(catalog.items.of([])).toEqual(new Map());
});

it('is read again when anything changed, whoever changed it', () => {
  const folder = temporaryFolder();
  const catalog = catalogIn(folder);
  const reader = catalogIn(folder, true);
  const [id] = catalog.commit([photo('/p/1.jpg', 'one', ['dog'])]).added.map((item) => item.id) as [ItemId];
  for (const one of [catalog, reader]) {
    expect(one.item(id)?.path).toBe('/p/1.jpg');
    expect(found(one, 'dog')).toEqual(['one']);
    expect(found(one, 'cat')).toEqual([]);
  }
  catalog.commit([photo('/p/0.jpg', 'one', []), photo('/p/2.jpg', 'two', ['cat', 'dog'])]);
  for (const one of [catalog, reader]) {
    expect(one.item(id)?.path).toBe('/p/0.jpg');
    expect(found(one, 'dog')).toEqual(['two']);
    expect(found(one, 'cat')).toEqual(['two']);
  }
  catalog.forget(['/p/0.jpg', '/p/1.jpg', '/p/2.jpg']);
  for (const one of [catalog, reader]) {
    expect(one.item(id)).toBeUndefined();
    expect(found(one, 'dog')).toEqual([]);
  }
});

it('puts who has all the words first, whether they are weighed or not', () => {
  const catalog = catalogIn(temporaryFolder());
  const keywords = (i: number): string[] => [
    'common',
    ...(i % 40 === 0 ? ['rare'] : []),
    ...(i % 60 === 0 ? ['scarce'] : []),
  ];
  catalog.commit(Array.from({ length: 150 }, (_, i) => photo(`/p/${i}.jpg`, `${i}`, keywords(i))));
  // More than the budget have the common word: it is not weighed, and still asked for.
  expect(new Set(found(catalog, 'common rare').slice(0, 4))).toEqual(new Set(['0', '40', '80', '120']));
  const [first, second, ...others] = found(catalog, 'common scarce rare');
  expect(new Set([first, second])).toEqual(new Set(['0', '120']));
  expect(new Set(others)).toEqual(new Set(['40?', '60?', '80?']));
  expect(found(catalog, 'common missing')).toEqual([]);
  expect(found(catalog, 'common')).toHaveLength(20);
});
