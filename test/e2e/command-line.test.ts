import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, runCommand, startCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { photos, scratch } = demoPhotos(24);
const library = join(scratch, 'library');

interface Answer {
  hits: { id: number; kind: string; path: string; score: number; caption?: string }[];
  total: number;
  timing: Record<string, number>;
}

async function json<T>(args: readonly string[], dataDir = library): Promise<T> {
  const { stdout, stderr } = await runCommand([...args, '--json'], dataDir);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`${args.join(' ')} printed no JSON: ${stdout}${stderr}`);
  }
}

describe('the command line', () => {
  it('ingests a folder with its captions, then finds nothing to do', async () => {
    const first = await json<Record<string, unknown>>(['ingest', photos]);
    expect(first).toMatchObject({ added: 48, failed: [], interrupted: false });
    const second = await json<Record<string, unknown>>(['ingest', photos]);
    expect(second).toMatchObject({ added: 0, unchanged: 25 });
  });

  it('searches by text, by picture and by both', async () => {
    const byText = await json<Answer>(['search', 'a red kite over the beach', '--limit', '5']);
    expect(byText.hits).toHaveLength(5);
    expect(byText.total).toBe(24);
    expect(byText.timing).toMatchObject({
      encode: expect.any(Number) as number,
      total: expect.any(Number) as number,
    });
    for (const { path, score } of byText.hits) {
      expect(path.startsWith(photos)).toBe(true);
      expect(score).toBeLessThanOrEqual(1.001);
    }
    const own = join(photos, 'scene-007.jpg');
    const byPicture = await json<Answer>(['search', '--image', own, '--limit', '1']);
    expect(byPicture.hits[0]?.path).toBe(own);
    const both = await json<Answer>(['search', 'at night', '--image', own, '--limit', '24']);
    expect(both.hits).toHaveLength(24);
  });

  it('prints scores and paths for people', async () => {
    const { code, stdout, stderr } = await runCommand(['search', 'a boat', '--limit', '2'], library);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stdout).toMatch(/^-?\d+\.\d{3} {2}\/.*scene-\d{3}\.jpg$/m);
    expect(stderr).toContain('2 of 24');
  });

  it('looks up captions for a picture', async () => {
    const { hits, total } = await json<Answer>(['captions', join(photos, 'scene-003.jpg'), '--limit', '4']);
    expect(total).toBe(24);
    expect(hits).toHaveLength(4);
    for (const hit of hits)
      expect(hit).toMatchObject({ kind: 'caption', caption: expect.any(String) as string });
  });

  it('embeds texts and pictures in the order given', async () => {
    const picture = join(photos, 'scene-001.jpg');
    const { embeddings } = await json<{ embeddings: { input: object; embedding: number[] }[] }>([
      'embed',
      '--text',
      'a boat',
      '--image',
      picture,
      '--text',
      'a dog',
    ]);
    expect(embeddings.map(({ input }) => input)).toEqual([
      { text: 'a boat' },
      { image: picture },
      { text: 'a dog' },
    ]);
    for (const { embedding } of embeddings) expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
  });

  it('tells what it holds, and that all is well', async () => {
    const stats = await json<{ library: { items: object } }>(['stats']);
    expect(stats.library.items).toEqual({ photo: 24, caption: 24 });
    const { code, stdout } = await runCommand(['doctor', '--json'], library);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
    expect(code).toBe(0);
  });

  it('lists and inspects models', async () => {
    const models = await json<{ name: string; manifest: object }[]>(['models', 'list']);
    expect(models[0]).toMatchObject({
      name: 'embedded',
      manifest: { precision: 'int8', rerank: { default: true } },
    });
    const { stdout } = await runCommand(['models', 'inspect'], library);
    expect(stdout).toContain('6 layers, width 256, 4 heads');
  });

  it('keeps a photo through a rename, forgets one that is gone, and keeps all when a drive is not there', async () => {
    const folder = temporaryFolder();
    const own = temporaryFolder();
    for (const n of [1, 2]) copyFileSync(join(photos, `scene-00${n}.jpg`), join(folder, `${n}.jpg`));
    await json(['ingest', folder], own);
    const before = await json<Answer>(['search', 'x', '--limit', '9'], own);
    copyFileSync(join(folder, '1.jpg'), join(folder, 'renamed.jpg'));
    for (const n of [1, 2]) rmSync(join(folder, `${n}.jpg`));
    expect(await json(['ingest', folder], own)).toMatchObject({ added: 0, known: 1, removed: 2 });
    const after = await json<Answer>(['search', 'x', '--limit', '9'], own);
    expect(after.hits.map(({ path }) => path)).toEqual([join(folder, 'renamed.jpg')]);
    expect(before.hits.map(({ id }) => id)).toContain(after.hits[0]?.id);
    rmSync(join(folder, 'renamed.jpg'));
    const empty = await json<{ removed: number; warnings: string[] }>(['ingest', folder], own);
    expect(empty.removed).toBe(0);
    expect(empty.warnings[0]).toContain('in case a drive is not mounted');
  });

  it('records what it cannot read, goes on, and ends with 3', async () => {
    const folder = temporaryFolder();
    const own = temporaryFolder();
    copyFileSync(join(photos, 'scene-001.jpg'), join(folder, 'good.jpg'));
    writeFileSync(join(folder, 'bad.jpg'), 'this is no picture');
    writeFileSync(join(folder, 'torn.jpg'), readFileSync(join(photos, 'scene-002.jpg')).subarray(0, 9000));
    writeFileSync(join(folder, 'empty.png'), '');
    const { code, stdout } = await runCommand(['ingest', folder, '--json'], own);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as { added: number; failed: { path: string; code: string }[] };
    expect(report.added).toBe(1);
    expect(report.failed.map((failure) => failure.code)).toEqual(Array(3).fill('ERR_IMAGE_UNREADABLE'));
    const again = await runCommand(['ingest', folder, '--json'], own);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: 1, stillFailing: 3 });
  });

  it('stops at Ctrl-C with 130, keeps what was done, and goes on the next time', async () => {
    const own = temporaryFolder();
    const running = startCommand(['ingest', photos, '--json'], own);
    await eventually(async () => {
      const { code, stdout } = await runCommand(['stats', '--json'], own);
      if (code !== 0) return undefined;
      return (
        (JSON.parse(stdout) as { library: { items: { photo: number } } }).library.items.photo > 0 || undefined
      );
    }).catch(() => {});
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const report = JSON.parse(stdout) as { interrupted: boolean; added: number };
    // A quick machine may have been done already, and even be at its very end, where a signal still ends a process.
    expect(report.interrupted ? [130] : [0, null]).toContain(code);
    const next = await json<{ added: number }>(['ingest', photos], own);
    expect(report.added + next.added).toBeGreaterThanOrEqual(48);
    expect(await json(['doctor'], own)).toMatchObject({ healthy: true });
  });

  it.each([
    [['serch', 'x'], /Did you mean search/],
    [['search', 'x', '--limt', '3'], /Did you mean --limit/],
    [['search', 'x', '--limit', '0'], /whole number from 1 to 1000/],
    [['search', 'x', '--limit', '1001'], /whole number from 1 to 1000/],
    [['ingest'], /missing required argument/],
    [['search', ' '], /ERR_QUERY_EMPTY/],
    [['search'], /ERR_QUERY_EMPTY/],
    [['search', 'x'.repeat(10_000)], /ERR_QUERY_TOO_LONG/],
    [['ingest', '/no/such/folder'], /ERR_PATH_NOT_FOUND/],
    [['serve', '--port', 'many'], /ERR_CONFIG_INVALID/],
  ])('%j is a usage error: 2', async (args, reason) => {
    const { code, stderr } = await runCommand(args, library);
    expect(stderr).toMatch(reason);
    expect(code).toBe(2);
  });

  it.each([
    [['search', 'x', '--model', 'embeded'], /ERR_MODEL_MISSING.*|Did you mean embedded/],
    [['models', 'import', 'package.json', '--tokenizer', 'x', '--name', 'y'], /ERR_CHECKPOINT_FORMAT/],
    [['eval', '--dataset', 'package.json', '--images', '.', '--split', 'val'], /ERR_DATASET_INVALID/],
  ])('%j fails with 1', async (args, reason) => {
    const { code, stderr } = await runCommand(args, library);
    expect(stderr).toMatch(reason);
    expect(code).toBe(1);
  });

  it('tells an error as JSON where JSON was asked for', async () => {
    const error = await json<{ error: { code: string; message: string } }>(['search', '  ']);
    expect(error.error).toMatchObject({ code: 'ERR_QUERY_EMPTY', message: expect.any(String) as string });
  });

  it('says where to begin when there is no library', async () => {
    const { code, stderr } = await runCommand(['search', 'x'], temporaryFolder());
    expect(stderr).toContain('sightline ingest');
    expect(code).toBe(2);
  });

  it('shows examples in the help of every command', async () => {
    for (const command of ['ingest', 'search', 'captions', 'serve', 'embed', 'eval']) {
      const { stdout } = await runCommand([command, '--help'], library);
      expect(stdout).toMatch(/Examples?:\n {2}sightline /);
    }
  });
});
