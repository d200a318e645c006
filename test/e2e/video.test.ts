import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openEngine, type SearchEngine } from 'sightline';
import type { Photo } from '#src/core/item.js';
import { runCommand } from '../support/command-line.js';
import { colourVideo, lacksFfmpeg } from '../support/ffmpeg.js';
import { photoWith } from '../support/photo-with-metadata.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function place(): { readonly videos: string; readonly dataDir: string } {
  const root = temporaryFolder();
  const videos = join(root, 'videos');
  mkdirSync(videos);
  return { videos, dataDir: join(root, 'library') };
}

async function photos(engine: SearchEngine): Promise<Photo[]> {
  const { hits } = await engine.search('anything', { limit: 100, cutoff: false });
  const found = hits.flatMap(({ item }) => (item.kind === 'photo' ? [item] : []));
  return found.toSorted((a, b) => a.path.localeCompare(b.path) || (a.second ?? 0) - (b.second ?? 0));
}

/** Red, green and blue in the middle of a picture. */
async function colourOf(bytes: Uint8Array): Promise<number[]> {
  const [r = 0, g = 0, b = 0] = await sharp(bytes).resize(1, 1).removeAlpha().raw().toBuffer();
  return [r, g, b];
}

describe.skipIf(lacksFfmpeg())('videos', () => {
  it.each(['mp4', 'mov', 'mkv', 'webm'])(
    'of kind %s are the first frames of their scenes',
    async (extension) => {
      const { videos, dataDir } = place();
      const film = join(videos, `film.${extension}`);
      colourVideo(film, ['red', 'lime', 'blue'], ['-metadata', 'creation_time=2020-05-06T07:08:09Z']);
      const before = readFileSync(film);
      await using engine = await openEngine({ dataDir });
      expect(await engine.ingest([videos])).toMatchObject({ added: 3, failed: [], warnings: [] });
      const frames = await photos(engine);
      expect(frames.map(({ path }) => path)).toEqual([film, film, film]);
      expect(frames.map(({ second }) => Math.round(second ?? -1))).toEqual([0, 3, 6]);
      expect(frames[1]).toMatchObject({ width: 320, height: 240, bytes: before.length, format: 'jpeg' });
      expect(frames[1]?.metadata.takenAt).toEqual(new Date('2020-05-06T07:08:12Z'));
      for (const [i, frame] of frames.entries()) {
        const expected = [
          [255, 0, 0],
          [0, 255, 0],
          [0, 0, 255],
        ][i] as number[];
        for (const bytes of [
          (await engine.thumbnail(frame.id)).bytes,
          (await engine.original(frame.id)).bytes,
        ])
          for (const [c, value] of (await colourOf(bytes)).entries())
            expect(Math.abs(value - (expected[c] as number))).toBeLessThan(30);
      }
      expect(readFileSync(film).equals(before)).toBe(true);
      expect(await engine.ingest([videos])).toMatchObject({ added: 0, known: 0, unchanged: 1, removed: 0 });
    },
  );

  it('keep their frames when they are renamed, lose them when they change or go', async () => {
    const { videos, dataDir } = place();
    const [first, second] = [join(videos, 'a.mp4'), join(videos, 'b.mp4')];
    colourVideo(first, ['red', 'lime']);
    await using engine = await openEngine({ dataDir });
    await engine.ingest([videos]);
    const ids = (await photos(engine)).map(({ id }) => id);
    renameSync(first, second);
    expect(await engine.ingest([videos])).toMatchObject({ added: 0, removed: 1, failed: [] });
    const renamed = await photos(engine);
    expect(renamed.map(({ id }) => id)).toEqual(ids);
    expect(renamed.map(({ path }) => path)).toEqual([second, second]);

    colourVideo(second, ['blue', 'red', 'lime']);
    expect(await engine.ingest([videos])).toMatchObject({ added: 3 });
    expect(await photos(engine)).toHaveLength(3);
    await expect(engine.original(ids[0] as (typeof ids)[number])).rejects.toMatchObject({
      code: 'ERR_ITEM_NOT_FOUND',
    });

    rmSync(second);
    writeFileSync(join(videos, 'c.jpg'), await photoWith({}));
    expect(await engine.ingest([videos])).toMatchObject({ added: 1, removed: 1 });
    expect((await photos(engine)).map(({ second: at }) => at)).toEqual([null]);
    expect(engine.status().library.items.photo).toBe(1);
  });

  it('that are none, damaged, or playlists that point elsewhere are on record', async () => {
    const { videos, dataDir } = place();
    const whole = join(videos, 'whole.mp4');
    colourVideo(whole, ['red']);
    const bytes = readFileSync(whole);
    const bad: Readonly<Record<string, Uint8Array>> = {
      'empty.mp4': Buffer.alloc(0),
      'text.mov': Buffer.from('not a film at all, but long enough'),
      'cut.mp4': bytes.subarray(0, 200),
      'playlist.mp4': Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
      'playlist.mkv': Buffer.from('ffconcat version 1.0\nfile whole.mp4\n'),
    };
    for (const [name, content] of Object.entries(bad)) writeFileSync(join(videos, name), content);
    await using engine = await openEngine({ dataDir });
    const { added, failed } = await engine.ingest([videos]);
    expect(added).toBe(1);
    expect(failed.map(({ path }) => path.slice(videos.length + 1)).toSorted()).toEqual(
      Object.keys(bad).toSorted(),
    );
    for (const { code } of failed) expect(code).toBe('ERR_VIDEO_UNREADABLE');
  });

  it('are named with their second on the command line', async () => {
    const { videos, dataDir } = place();
    colourVideo(join(videos, 'film.mp4'), ['red', 'blue']);
    expect((await runCommand(['ingest', videos], dataDir)).code).toBe(0);
    const { stdout } = await runCommand(['search', 'a colour'], dataDir);
    expect(stdout).toMatch(/film\.mp4 at 0:00/);
    expect(stdout).toMatch(/film\.mp4 at 0:03/);
  });
});

describe('videos without ffmpeg', () => {
  it('are left out, with a line that says so, and taken when it is there', async () => {
    const { videos, dataDir } = place();
    writeFileSync(join(videos, 'film.mp4'), 'never opened');
    copyFileSync(join(videos, 'film.mp4'), join(videos, 'other.mkv'));
    const path = process.env['PATH'];
    await using engine = await openEngine({ dataDir });
    process.env['PATH'] = videos;
    try {
      const { warnings, failed } = await engine.ingest([videos]);
      expect(failed).toEqual([]);
      expect(warnings).toEqual([expect.stringMatching(/2 videos were left out: ffmpeg/) as string]);
    } finally {
      process.env['PATH'] = path;
    }
  });
});
