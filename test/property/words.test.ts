import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { ItemKind } from '#src/core/item.js';
import { NO_METADATA } from '#src/core/photo-metadata.js';
import type { LibraryChange } from '#src/core/ports.js';
import { Catalog } from '#src/index/catalog/catalog.js';
import { openDatabase } from '#src/index/catalog/database.js';
import { repetitions } from '../support/long-run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const embedding = unit(Float32Array.of(1, 2));

function catalogIn(folder: string): Catalog {
  const catalog = new Catalog(join(folder, 'catalog.sqlite'), 'test', false);
  onTestFinished(() => catalog.close());
  return catalog;
}

function photo(path: string, content: string, keywords: readonly string[] = []): LibraryChange {
  const shape = { width: 1, height: 1, format: 'jpeg', embedding, metadata: { ...NO_METADATA, keywords } };
  return { type: 'photo', file: { path, size: 1, mtimeMs: 1 }, contentHash: content, photo: shape };
}

function captions(path: string, lines: readonly (readonly [image: string, text: string])[]): LibraryChange {
  return {
    type: 'captions',
    path,
    lines: lines.map(([image, text], i) => ({
      line: i + 1,
      text,
      image,
      contentHash: `caption ${text}`,
      embedding,
    })),
  };
}

function namesFound(catalog: Catalog, text: string, kind: ItemKind = 'photo'): string[] {
  return catalog.words
    .search({ kind, text, filter: undefined, limit: 50, budget: 1000 })
    .map(({ id, all }) => `${catalog.item(id)?.path.split('/').at(-1)}${all ? '' : '?'}`);
}

describe('the word index', () => {
  it('finds a photo by whatever is written about it', () => {
    const catalog = catalogIn(temporaryFolder());
    catalog.commit([
      photo('/p/Sommerfest 2024/IMG_0042.jpg', 'a', ['Großmutter', 'golden gate']),
      photo('/p/else/DSC7.jpg', 'b', ['golden', 'gate']),
      captions('/p/captions.jsonl', [['DSC7.jpg', 'Two dogs running, 東京タワー behind']]),
    ]);
    expect(namesFound(catalog, 'img_0042')).toEqual(['IMG_0042.jpg']);
    expect(namesFound(catalog, 'sommerfest')).toEqual(['IMG_0042.jpg']);
    expect(namesFound(catalog, 'grossmutter')).toEqual([]);
    expect(namesFound(catalog, 'großmutter')).toEqual(['IMG_0042.jpg']);
    expect(namesFound(catalog, 'a dog runs')).toEqual(['DSC7.jpg']);
    expect(namesFound(catalog, '東京')).toEqual(['DSC7.jpg']);
    expect(namesFound(catalog, 'golden dogs')).toEqual(['DSC7.jpg', 'IMG_0042.jpg?']);
    const phrase = { field: 'words', op: ':', value: 'golden gate' } as const;
    expect(catalog.filters.matching('photo', phrase, 9)).toHaveLength(1);
    const reversed = { field: 'words', op: ':', value: 'gate golden' } as const;
    expect(catalog.filters.matching('photo', reversed, 9)).toHaveLength(0);
    expect(catalog.filters.matching('photo', { field: 'has', value: 'caption' }, 9)).toHaveLength(1);
  });

  it('never fails, whatever is typed', () => {
    const catalog = catalogIn(temporaryFolder());
    catalog.commit([photo('/p/1.jpg', 'a', ['AND', 'OR "x"', 'NEAR(', 'tags:'])]);
    const nasty = fc.constantFrom(
      '"',
      "'",
      '*',
      '(',
      ')',
      ':',
      '^',
      '-',
      '+',
      '{',
      '}',
      '\0',
      '\\',
      ' ',
      'AND',
      'OR',
      'NOT',
      'NEAR(',
      'tags:',
      '\u0301',
      '東',
      '�',
      '\ud800',
    );
    const text = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.constantFrom<ItemKind>('photo', 'caption'), (pieces, kind) => {
        const value = pieces.join('');
        catalog.words.search({ kind, text: value, filter: undefined, limit: 5, budget: 100 });
        if (value !== '') catalog.filters.matching(kind, { field: 'words', op: ':', value }, 10);
      }),
      { numRuns: repetitions(300, 3000) },
    );
  });

  const step = fc.oneof(
    fc.record({
      photo: fc.nat(4),
      content: fc.nat(4),
      tag: fc.constantFrom('red', 'blue', 'green'),
      fresh: fc.boolean(),
    }),
    fc.record({
      captions: fc.array(fc.tuple(fc.nat(4), fc.constantFrom('cat', 'dog', 'bird')), { maxLength: 3 }),
    }),
    fc.record({ forget: fc.constantFrom('0.jpg', '1.jpg', '2.jpg', 'captions.jsonl') }),
  );

  it('is the same after any sequence of changes as one made anew from the rows', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const folder = temporaryFolder();
        const path = join(folder, 'catalog.sqlite');
        const catalog = new Catalog(path, 'test', false);
        for (const one of steps) {
          if ('forget' in one) catalog.forget([`/p/${one.forget}`]);
          else if ('captions' in one) {
            const lines = one.captions.map(([n, text]) => [`${n}.jpg`, text] as const);
            const file = { path: '/p/captions.jsonl', size: 1, mtimeMs: 1 };
            catalog.commit([
              captions(file.path, lines),
              { type: 'collection-read', file, lines: lines.length },
            ]);
          } else {
            const contentHash = `content ${one.content}`;
            catalog.commit([photo(`/p/${one.photo}.jpg`, contentHash, [one.tag])]);
            const metadata = { ...NO_METADATA, keywords: [one.tag, 'sidecar'] };
            if (one.fresh) catalog.commit([{ type: 'metadata', contentHash, metadata }]);
          }
        }
        const look = (from: Catalog): object =>
          ['red', 'blue', 'green', 'cat', 'dog', 'bird', 'sidecar', '1.jpg', 'captions'].map((word) => [
            namesFound(from, word).toSorted(),
            namesFound(from, word, 'caption').toSorted(),
          ]);
        const kept = look(catalog);
        catalog.close();
        const database = openDatabase(path, false);
        expect(database.prepare('SELECT count(*) FROM stale_words').pluck().get()).toBe(0);
        database.exec('INSERT INTO stale_words SELECT id FROM items; DELETE FROM photo_captions;');
        database.close();
        const again = new Catalog(path, 'test', false);
        expect(kept).toEqual(look(again));
        again.close();
      }),
      { numRuns: repetitions(25, 300) },
    );
  });
});
