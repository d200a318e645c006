import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { drawnSeed, repetitions } from '../support/long-run.js';
import { seededRandom } from '../support/seeded-random.js';
import {
  asAfterCrash,
  COUNT,
  expectSound,
  expectWhole,
  filled,
  hashOf,
  open,
  photo,
  vectorOf,
} from '../support/small-library.js';

let folder: string;
let vectors: string;
let graph: string;
let header: string;
beforeEach(async () => {
  folder = await filled();
  const names = readdirSync(join(folder, 'vectors'));
  expect(names).toHaveLength(1);
  vectors = join(folder, 'vectors', names[0] as string);
  graph = join(vectors, readdirSync(vectors).find((name) => name.startsWith('photo-')) as string);
  header = join(vectors, 'photo.json');
});

async function reads(readOnly: boolean): Promise<void> {
  const library = await open(folder, readOnly);
  expectWhole(library);
  expectSound(library);
  await library.close();
}

/** Rewrites the header, checksum included: only its content can be at fault. */
function changeHeader(change: (fields: Record<string, unknown>) => void): void {
  const { header: text } = JSON.parse(readFileSync(header, 'utf8')) as { header: string };
  const fields = JSON.parse(text) as Record<string, unknown>;
  change(fields);
  const changed = JSON.stringify(fields);
  writeFileSync(header, JSON.stringify({ header: changed, crc32: crc32(changed) }));
}

describe('the snapshot of the graph', () => {
  it('is used when it is whole', async () => {
    const written = statSync(graph).mtimeMs;
    const library = await open(folder, true);
    expect(library.statistics().indexes.photo).toMatchObject({ type: 'hnsw', fresh: 0 });
    await library.close();
    await reads(false);
    expect(statSync(graph).mtimeMs).toBe(written);
  });

  it.each([
    ['is missing', () => rmSync(join(folder, 'vectors'), { recursive: true })],
    ['has lost its file', () => rmSync(graph)],
    ['has lost its header', () => rmSync(header)],
    ['has a torn header', () => writeFileSync(header, '{"header": "{\\"format\\": 2, \\"mod')],
    ['is from the future', () => changeHeader((fields) => (fields['format'] = 3))],
    ['is of another model', () => changeHeader((fields) => (fields['model'] = 'model-b'))],
    ['has other dimensions', () => changeHeader((fields) => (fields['dimensions'] = 8))],
    ['was built otherwise', () => changeHeader((fields) => (fields['M'] = 8))],
    ['names a file elsewhere', () => changeHeader((fields) => (fields['file'] = '../../x.hnsw'))],
  ])('that %s is replaced by one from the rows', async (_name, damage) => {
    damage();
    await reads(true);
    await reads(false);
    expect(existsSync(header)).toBe(true);
    const library = await open(folder, true);
    expect(library.statistics().indexes.photo).toMatchObject({ type: 'hnsw', fresh: 0 });
    await library.close();
  });

  it('is passed over where it is cut at any thousandth byte, or its header anywhere', async () => {
    const [whole, wholeHeader] = [readFileSync(graph), readFileSync(header)];
    for (let bytes = whole.length - (whole.length % 1000); bytes >= 0; bytes -= 1000) {
      truncateSync(graph, bytes);
      await reads(true);
    }
    writeFileSync(graph, whole);
    for (let bytes = wholeHeader.length - 1; bytes >= 0; bytes -= 37) {
      truncateSync(header, bytes);
      await reads(true);
    }
  });

  it('is passed over where any bit of it or of its header is flipped', async () => {
    const random = seededRandom(drawnSeed('flipped bits'));
    for (const file of [graph, header]) {
      const whole = readFileSync(file);
      for (let i = 0; i < repetitions(40, 1000); i++) {
        const damaged = Buffer.from(whole);
        const at = Math.floor(random() * damaged.length);
        damaged[at] = (damaged[at] as number) ^ (1 << Math.floor(random() * 8));
        writeFileSync(file, damaged);
        await reads(true);
      }
      writeFileSync(file, whole);
    }
  });

  it('that is older than the rows is brought up to them', async () => {
    const library = await open(folder);
    library.forget(['/photos/0.jpg']);
    library.commit([photo(1000)]);
    // The rows are there, the graph was not written, and the log of the database is left behind.
    const crashed = asAfterCrash(folder);
    expect(existsSync(join(crashed, 'catalog.sqlite-wal'))).toBe(true);
    await library.close();
    for (const readOnly of [true, false]) {
      const again = await open(crashed, readOnly);
      expect(again.searchable('photo')).toBe(COUNT);
      expect(hashOf(again, vectorOf(1000))).toBe('hash-1000');
      expect(hashOf(again, vectorOf(0))).not.toBe('hash-0');
      expectSound(again);
      await again.close();
    }
  });
});
