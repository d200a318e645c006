import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { openEngine, type SearchEngine } from 'sightline';
import type { BadFile } from '../support/bad-file.js';
import { badFiles } from '../support/bad-files.js';
import { laughing } from '../support/bad-metadata.js';
import { photoWith } from '../support/photo-with-metadata.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const heic = readFileSync(fileURLToPath(new URL('../fixtures/pictures/scene.heic', import.meta.url)));

interface Place {
  readonly photos: string;
  readonly dataDir: string;
}

function place(): Place {
  const root = temporaryFolder();
  const photos = join(root, 'photos');
  mkdirSync(photos);
  return { photos, dataDir: join(root, 'library') };
}

/** Everything that a change of a file would change, for each file below a folder. */
function fingerprint(folder: string): Map<string, string> {
  const prints = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs, mode, ino } = lstatSync(path);
    const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    prints.set(path, [size, mtimeMs, mode, ino, content].join(' '));
  }
  return prints;
}

/** What the library says of each file: a photo's item, or the code of its failure. */
async function verdicts(engine: SearchEngine, folder: string): Promise<Map<string, string>> {
  const { hits } = await engine.search('anything', { limit: 1000, cutoff: false });
  const contents = new Set(hits.flatMap(({ item }) => (item.kind === 'photo' ? [item.contentHash] : [])));
  const said = new Map(engine.failures(10_000).map(({ path, code }) => [path, code]));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!lstatSync(path).isFile() || said.has(path)) continue;
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (contents.has(hash)) said.set(path, 'photo');
  }
  return said;
}

describe('a folder of bad files', () => {
  it('is ingested to its end: each file is a photo or on record by its code, and none is written to', async () => {
    const { photos, dataDir } = place();
    const files: readonly BadFile[] = await badFiles(heic);
    expect(files.length).toBeGreaterThanOrEqual(300);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    for (const { name, bytes } of files) writeFileSync(join(photos, name), bytes);
    for (const { name } of files) chmodSync(join(photos, name), 0o444);
    chmodSync(photos, 0o555);
    const before = fingerprint(photos);

    await using engine = await openEngine({ dataDir });
    const report = await engine.ingest([photos]);
    expect(report.interrupted).toBe(false);
    const said = await verdicts(engine, photos);
    const wrong = files.flatMap(({ name, expected }): string[] => {
      const verdict = said.get(join(photos, name)) ?? 'nothing';
      const isRight =
        expected === 'either'
          ? /^(?:photo|ERR_IMAGE_(?:UNREADABLE|TOO_LARGE))$/.test(verdict)
          : verdict === expected;
      return isRight ? [] : [`${JSON.stringify(name)}: expected ${expected}, is ${verdict}`];
    });
    expect(wrong).toEqual([]);
    for (const { reason } of report.failed) expect(reason).not.toBe('');

    // A second pass opens nothing again, and nothing has been forgotten.
    const again = await engine.ingest([photos]);
    expect(again).toMatchObject({ added: 0, known: 0, removed: 0, failed: [] });
    expect(again.stillFailing).toBe(report.failed.length);
    expect(fingerprint(photos)).toEqual(before);
    chmodSync(photos, 0o755);
  });

  it('whose sidecars and collections are bad too keeps its photos', async () => {
    const { photos, dataDir } = place();
    writeFileSync(join(photos, 'a.jpg'), await photoWith({}));
    const bad: Readonly<Record<string, string | Uint8Array>> = {
      'a.xmp': laughing(),
      'a.jpg.xmp': Buffer.alloc(6 * 1024 * 1024, '<'),
      'b.xmp': '',
      'a.jpg.txt': 'not\0text',
      'captions.jsonl': '{"caption": "a"}\n{',
      'captions.csv': 'nothing,of,use\n1,2,3\n',
      'metadata.jsonl': '{"file_name": "a.jpg", "label": 3}\n',
      'dataset.json': '{"images": [{}]}',
      'captions.txt': Buffer.concat([Buffer.alloc(100_000, 'x'), Buffer.from('\n')]),
    };
    for (const [name, content] of Object.entries(bad)) writeFileSync(join(photos, name), content);
    await using engine = await openEngine({ dataDir });
    const { added, failed } = await engine.ingest([photos]);
    expect(added).toBe(1);
    expect(failed.map(({ path }) => path.slice(photos.length + 1)).toSorted()).toEqual(
      Object.keys(bad).toSorted(),
    );
    for (const { code } of failed) expect(code).toMatch(/^ERR_(?:SIDECAR|CAPTIONS)_INVALID$/);
  });
});

describe('what only looks like a photo', () => {
  it('is left alone: folders, pipes, sockets, links that lead out, and back', async () => {
    const { photos, dataDir } = place();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'outside.jpg'), await photoWith({}, 'jpeg', '#111'));
    mkdirSync(join(photos, 'folder.jpg'));
    writeFileSync(join(photos, 'folder.jpg', 'inside.jpg'), await photoWith({}, 'jpeg', '#222'));
    execFileSync('mkfifo', [join(photos, 'pipe.jpg')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(photos, 'socket.jpg'), resolve));
    symlinkSync(join(outside, 'outside.jpg'), join(photos, 'link.jpg'));
    symlinkSync(outside, join(photos, 'link'));
    symlinkSync(photos, join(photos, 'loop'));
    symlinkSync(join(photos, 'nowhere'), join(photos, 'dangling.jpg'));
    try {
      await using engine = await openEngine({ dataDir });
      const { added, failed } = await engine.ingest([photos]);
      expect(added).toBe(1);
      const said = failed.map(({ path, code }) => `${path.slice(photos.length + 1)} ${code}`);
      expect(said.toSorted()).toEqual(['pipe.jpg ERR_PATH_UNREADABLE', 'socket.jpg ERR_PATH_UNREADABLE']);
      expect(engine.status().library.items.photo).toBe(1);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.skipIf(process.getuid?.() === 0)('is on record where it may not be read', async () => {
    const { photos, dataDir } = place();
    writeFileSync(join(photos, 'secret.jpg'), await photoWith({}));
    chmodSync(join(photos, 'secret.jpg'), 0o000);
    mkdirSync(join(photos, 'closed'), { mode: 0o000 });
    await using engine = await openEngine({ dataDir });
    const { failed } = await engine.ingest([photos]);
    chmodSync(join(photos, 'closed'), 0o700);
    expect(failed.map(({ code }) => code)).toEqual(['ERR_PATH_UNREADABLE', 'ERR_PATH_UNREADABLE']);
  });

  it.skipIf(process.platform !== 'linux')('is on record where its name is not UTF-8', async () => {
    const { photos, dataDir } = place();
    const name = Buffer.concat([Buffer.from(`${photos}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]);
    writeFileSync(name, await photoWith({}));
    mkdirSync(Buffer.concat([Buffer.from(`${photos}/`), Buffer.from([0xff, 0xfe])]));
    writeFileSync(join(photos, 'named.jpg'), await photoWith({}, 'jpeg', '#333'));
    await using engine = await openEngine({ dataDir });
    expect(await engine.ingest([photos])).toMatchObject({
      added: 1,
      failed: [{ code: 'ERR_NAME_INVALID' }, { code: 'ERR_NAME_INVALID' }],
    });
    expect(engine.failures().map(({ code }) => code)).toEqual(['ERR_NAME_INVALID', 'ERR_NAME_INVALID']);
    rmSync(name);
    await engine.ingest([photos]);
    expect(engine.failures()).toHaveLength(1);
  });
});

describe('files that change under the hand', () => {
  it('may vanish after they were found', async () => {
    const { photos, dataDir } = place();
    const names = Array.from({ length: 12 }, (_, i) => `${i}.jpg`);
    for (const [i, name] of names.entries())
      writeFileSync(join(photos, name), await photoWith({}, 'jpeg', `#${(i + 1).toString(16)}5a`));
    await using engine = await openEngine({ dataDir });
    let isFound = false;
    const report = await engine.ingest([photos], {
      onProgress: ({ phase }) => {
        if (phase !== 'embedding' || isFound) return;
        isFound = true;
        for (const name of names.slice(0, 6)) rmSync(join(photos, name));
      },
    });
    expect(report.interrupted).toBe(false);
    await engine.ingest([photos]);
    expect(engine.status().library.items.photo).toBe(6);
    expect(engine.failures()).toEqual([]);
  });

  it('may grow for ever: they are left until they rest', async () => {
    const { photos, dataDir } = place();
    const growing = join(photos, 'growing.jpg');
    // Reading it takes longer than a scheduler leaves the writer without its turn, on a single core too.
    writeFileSync(growing, Buffer.alloc(64 * 1024 * 1024, 7));
    writeFileSync(join(photos, 'still.jpg'), await photoWith({}));
    const writer = new Worker(
      `const { openSync, writeSync } = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       const file = openSync(workerData, 'a');
       let told = false;
       const write = () => {
         for (let i = 0; i < 20; i++) writeSync(file, 'x');
         if (!told) parentPort.postMessage('growing');
         told = true;
         setImmediate(write);
       };
       write();`,
      { eval: true, workerData: growing },
    );
    await new Promise((resolve) => writer.once('message', resolve));
    await using engine = await openEngine({ dataDir });
    expect(await engine.ingest([photos])).toMatchObject({
      added: 1,
      failed: [{ path: growing, code: 'ERR_FILE_UNSETTLED' }],
    });
    await writer.terminate();
    writeFileSync(growing, await photoWith({}, 'jpeg', '#123'));
    expect(await engine.ingest([photos])).toMatchObject({ added: 1, failed: [] });
  });
});
