import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { Filter } from '#src/core/filter.js';
import { parseFilter } from '#src/core/filter-parser.js';
import { printFilter } from '#src/core/filter-printer.js';
import type { ItemId, Photo } from '#src/core/item.js';
import type { PhotoMetadata } from '#src/core/photo-metadata.js';
import type { LibraryChange } from '#src/core/ports.js';
import { Catalog } from '#src/index/catalog/catalog.js';
import { condition, filters } from '../support/arbitrary-filters.js';
import { accepts, type Subject } from '../support/filter-oracle.js';
import { repetitions } from '../support/long-run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WORDS = ['Leica', 'leica q2', 'LEICA Q2', 'Trash', 'trash', 'jpg', 'JPG', 'a_b', 'axb', '50%', '50 mm'];
const MORE_WORDS = [
  'Über',
  'über',
  'u\u0308ber',
  'Ünder',
  '東京',
  'a\\b',
  'x',
  '/photos',
  '/photos/trash',
  'trash/x',
];
const PATTERNS = ['*', 'le*', '*q2', '?rash', 'tra??', '*Ü*', '??er', 'a?b', '%', '_', 'photos/*'];
const word = fc.constantFrom(...WORDS, ...MORE_WORDS);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const tags = fc.uniqueArray(word, { maxLength: 2 });

const metadata: fc.Arbitrary<PhotoMetadata> = fc
  .record({
    takenAt: maybe(
      fc.date({ min: new Date('1990-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }),
    ),
    takenOffset: maybe(fc.integer({ min: -12, max: 14 }).map((hours) => hours * 60)),
    camera: maybe(word),
    lens: maybe(word),
    iso: maybe(fc.constantFrom(50, 100, 3000)),
    aperture: maybe(fc.constantFrom(1.4, 2.8, 5)),
    exposureSeconds: fc.constant(null),
    focalLength: maybe(fc.constantFrom(50, 100)),
    place: maybe(
      fc.record({
        latitude: fc.integer({ min: -90, max: 90 }),
        longitude: fc.integer({ min: -180, max: 180 }),
      }),
    ),
    altitude: maybe(fc.integer({ min: 0, max: 10 })),
    title: maybe(word),
    description: maybe(word),
    keywords: tags,
    people: tags,
    rating: maybe(fc.integer({ min: 0, max: 5 })),
  })
  .map(({ place, ...rest }) => ({
    ...rest,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  }));

const folder = fc.constantFrom('/photos', '/photos/Trash', '/photos/trash/x', '/else/Über', '/photos_x');
const photo = fc.record({
  metadata,
  folders: fc.uniqueArray(folder, { minLength: 1, maxLength: 2 }),
  name: fc.constantFrom('a', 'IMG_1', 'Über', '50%', 'leica q2'),
  ending: fc.constantFrom('.jpg', '.JPG', '.png', ''),
  width: fc.constantFrom(3, 10, 3000),
  height: fc.constantFrom(3, 10, 4000),
  size: fc.integer({ min: 0, max: 10 }),
  caption: fc.boolean(),
});

const embedding = unit(Float32Array.of(1, 2));

type Drawn = typeof photo extends fc.Arbitrary<infer T> ? T : never;

function changes(photos: readonly Drawn[]): LibraryChange[] {
  return photos.flatMap(({ folders, name, ending, caption, size, width, height, metadata: facts }, i) => {
    const file = `${name} ${i}${ending}`;
    const contentHash = `photo-${i}`;
    const found = folders.map((at, n): LibraryChange => {
      const shape = { width, height, format: ending === '' ? 'Leica' : 'jpeg', embedding, metadata: facts };
      return {
        type: 'photo',
        file: { path: `${at}/${file}`, size, mtimeMs: 0 },
        contentHash,
        ...(n === 0 && { photo: shape }),
      };
    });
    if (!caption) return found;
    const line = { line: 1, text: `about ${i}`, contentHash: `caption-${i}`, image: file, embedding };
    return [...found, { type: 'captions', path: `${folders[0]}/captions-${i}.jsonl`, lines: [line] }];
  });
}

describe('filters', () => {
  it('leave what a plain look at every item leaves, in both forms, and in both spellings', () => {
    const leaf = condition(fc.oneof(word, fc.constantFrom(...PATTERNS)), false);
    const filterList = fc.array(filters(leaf), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(photo, { minLength: 1, maxLength: 25 }), filterList, (photos, list) => {
        const catalog = new Catalog(join(temporaryFolder(), 'catalog.sqlite'), 'test', false);
        try {
          catalog.commit(changes(photos));
          const ids = [...catalog.embeddings.ids('photo')];
          const subjects = ids.map((id): Subject => {
            const item = catalog.item(id) as Photo;
            const source = photos[Number(item.contentHash.slice('photo-'.length))] as (typeof photos)[number];
            const n = Number(item.contentHash.slice('photo-'.length));
            const paths = source.folders.map((at) => `${at}/${source.name} ${n}${source.ending}`);
            return { photo: item, paths, captions: source.caption ? ['one'] : [] };
          });
          for (const filter of list) {
            const expected = subjects.filter((one) => accepts(filter, one)).map(({ photo: { id } }) => id);
            expect([...(catalog.filters.matching('photo', filter, 1000) ?? [])]).toEqual(expected);
            expect([...catalog.filters.among('photo', filter, ids)].toSorted((a, b) => a - b)).toEqual(
              expected,
            );
            const again: Filter = parseFilter(printFilter(filter));
            expect([...catalog.filters.among('photo', again, ids)].toSorted((a, b) => a - b)).toEqual(
              expected,
            );
            if (expected.length > 0)
              expect(catalog.filters.matching('photo', filter, expected.length - 1)).toBeNull();
          }
        } finally {
          catalog.close();
        }
      }),
      { numRuns: repetitions(25, 400) },
    );
  });

  it('see changes at once', () => {
    const catalog = new Catalog(join(temporaryFolder(), 'catalog.sqlite'), 'test', false);
    const filter: Filter = { field: 'folder', op: ':', value: 'holidays' };
    const count = (): number | undefined => catalog.filters.matching('photo', filter, 10)?.length;
    const file = { path: '/photos/holidays/1.jpg', size: 1, mtimeMs: 1 };
    expect(count()).toBe(0);
    const shape = { width: 1, height: 1, format: 'jpeg', embedding };
    catalog.commit([{ type: 'photo', file, contentHash: 'a', photo: shape }]);
    expect(count()).toBe(1);
    catalog.forget([file.path]);
    expect(count()).toBe(0);
    expect(catalog.filters.among('photo', filter, [1 as ItemId]).size).toBe(0);
    catalog.close();
  });
});
