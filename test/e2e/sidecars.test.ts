import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine, type SearchEngine } from 'sightline';
import type { ItemId } from '#src/core/item.js';
import type { PhotoMetadata } from '#src/core/photo-metadata.js';
import { bag, photoWith, xmpDocument } from '../support/photo-with-metadata.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const keywords = (...words: string[]): string => xmpDocument(bag('dc:subject', words));

let clock = Date.now() / 1000;

/** Writes a file that is newer than all before, however coarse the file system's clock is. */
function write(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content);
  clock += 2;
  utimesSync(path, clock, clock);
}

interface Case {
  readonly engine: SearchEngine;
  readonly folder: string;
  readonly ingest: () => Promise<unknown>;
  /** Of each photo by its file's name. */
  readonly told: () => Promise<Record<string, PhotoMetadata>>;
}

async function started(): Promise<Case> {
  const root = temporaryFolder();
  const folder = join(root, 'photos');
  mkdirSync(folder);
  const engine = await openEngine({ dataDir: join(root, 'library') });
  return {
    engine,
    folder,
    ingest: () => engine.ingest([folder]),
    told: async () => {
      const { hits } = await engine.search('anything', { limit: 100 });
      const photos = hits.map(({ item }) => item).filter((item) => item.kind === 'photo');
      return Object.fromEntries(
        photos.map(({ path, metadata }) => [path.slice(folder.length + 1), metadata]),
      );
    },
  };
}

describe('XMP sidecars', () => {
  it('speak for their photo, and change its words without another embedding', async () => {
    const { engine, folder, ingest, told } = await started();
    await using _ = engine;
    write(join(folder, 'a.jpg'), await photoWith({ main: { Model: 'X100' }, xmp: keywords('inside') }));
    write(join(folder, 'b.jpg'), await photoWith({ xmp: keywords('inside') }, 'jpeg', '#3c3'));
    write(join(folder, 'a.xmp'), keywords('stem'));
    expect(await ingest()).toMatchObject({ added: 2, failed: [] });
    expect(await told()).toMatchObject({
      'a.jpg': { camera: 'X100', keywords: ['stem'] },
      'b.jpg': { keywords: ['inside'] },
    });
    const { generation } = engine.status().library;

    write(join(folder, 'a.jpg.xmp'), keywords('file'));
    write(join(folder, 'b.xmp'), keywords('new'));
    expect(await ingest()).toMatchObject({ added: 0, failed: [] });
    expect(await told()).toMatchObject({ 'a.jpg': { keywords: ['file'] }, 'b.jpg': { keywords: ['new'] } });

    write(join(folder, 'b.xmp'), keywords('changed'));
    await ingest();
    expect(await told()).toMatchObject({ 'b.jpg': { keywords: ['changed'] } });

    rmSync(join(folder, 'a.jpg.xmp'));
    rmSync(join(folder, 'b.xmp'));
    await ingest();
    expect(await told()).toMatchObject({
      'a.jpg': { keywords: ['stem'] },
      'b.jpg': { keywords: ['inside'] },
    });
    expect(engine.status().library.generation).toBe(generation);
    expect(await ingest()).toMatchObject({ added: 0, unchanged: 3 });
  });

  it('that are damaged are on record and leave their photo alone', async () => {
    const { engine, folder, ingest, told } = await started();
    await using _ = engine;
    write(join(folder, 'a.jpg'), await photoWith({ xmp: keywords('inside') }));
    write(join(folder, 'a.xmp'), '<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta/>');
    expect(await ingest()).toMatchObject({ added: 1, failed: [{ code: 'ERR_SIDECAR_INVALID' }] });
    expect(await ingest()).toMatchObject({ failed: [], stillFailing: 1 });
    expect(await told()).toMatchObject({ 'a.jpg': { keywords: ['inside'] } });
    write(join(folder, 'a.xmp'), keywords('mended'));
    expect(await ingest()).toMatchObject({ failed: [], stillFailing: 0 });
    expect(await told()).toMatchObject({ 'a.jpg': { keywords: ['mended'] } });
  });
});

describe('text sidecars', () => {
  it('are captions that name their photo; other texts are left alone', async () => {
    const { engine, folder, ingest } = await started();
    await using _ = engine;
    write(join(folder, 'a.jpg'), await photoWith({}));
    write(join(folder, 'b.png'), await photoWith({}, 'png', '#3c3'));
    write(join(folder, 'a.jpg.txt'), 'a red field');
    write(join(folder, 'b.txt'), 'a green field\n\nof grass');
    write(join(folder, 'readme.txt'), 'not about a photo');
    expect(await ingest()).toMatchObject({ added: 5, failed: [] });
    const captions = async (): Promise<unknown> => {
      const { hits } = await engine.search('a field', { kind: 'caption', limit: 10 });
      return Object.fromEntries(
        hits.map(({ item }) => (item.kind === 'caption' ? [item.text, item.image] : [])),
      );
    };
    expect(await captions()).toEqual({
      'a red field': 'a.jpg',
      'a green field': 'b.png',
      'of grass': 'b.png',
    });

    write(join(folder, 'a.jpg.txt'), 'a scarlet field');
    rmSync(join(folder, 'b.txt'));
    renameSync(join(folder, 'readme.txt'), join(folder, 'notes.txt'));
    expect(await ingest()).toMatchObject({ added: 1 });
    expect(await captions()).toEqual({ 'a scarlet field': 'a.jpg' });
    expect(engine.item(1 as ItemId)).toMatchObject({ kind: 'photo' });
  });
});
