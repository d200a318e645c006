import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fusedLogit } from '#src/core/fusion.js';
import { embed, importCheckpoint, openEngine, openModel, type SearchEngine } from '#src/engine/mod.js';
import { Hubness } from '#src/engine/rerank/hubness.js';
import { REFERENCE_CAPTIONS } from '#src/engine/rerank/reference-captions.js';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { smallCheckpoint, SMALL_TOKENIZER } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EMBEDDED_MODEL = fileURLToPath(new URL('../../data/model', import.meta.url));
const COUNT = 16;
const { photos, scratch } = demoPhotos(COUNT);
const dataDir = join(scratch, 'library');
/** Nobody waits here: every candidate is read, however slow the machine is. */
const PATIENT = { budgetMs: 60_000 };

let engine: SearchEngine;
beforeAll(async () => {
  engine = await openEngine({ dataDir });
  await engine.ingest([photos]);
});
afterAll(() => engine.close());

const pixelFiles = (): string[] =>
  readdirSync(join(dataDir, 'pixels'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.rgb'),
  );

describe('a search with the fused mode', () => {
  it('is on by default for the embedded model, which was measured to gain by it', async () => {
    expect(engine.status().model.rerank).toMatchObject({ default: true });
    const { hits, rerank } = await engine.search('a boat');
    expect(rerank?.of).toBeGreaterThan(0);
    expect(rerank?.depth).toBe(hits.filter(({ fusedScore }) => fusedScore !== null).length);
    expect((await engine.search('a boat', { rerank: false })).rerank).toBeNull();
    const [first] = hits;
    expect((await engine.search({ itemId: first?.item.id as never })).rerank).toBeNull();
  });

  it('reads manifests of before, which had one set of weights for both directions', async () => {
    const model = join(temporaryFolder(), 'model');
    cpSync(EMBEDDED_MODEL, model, { recursive: true });
    const path = join(model, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    const weights = { scale: 9, weight: 1.5, bias: -11, temperature: 1.6 };
    writeFileSync(path, JSON.stringify({ ...manifest, fusion: { scorer: 'caption', ...weights } }));
    const { manifest: read } = await openModel(model, dataDir);
    expect(read.fusion).toEqual({ scorer: 'caption', textToImage: weights, imageToText: weights });
  });

  it('is off by default for a model that was not measured to gain by it, and says why', async () => {
    const model = join(temporaryFolder(), 'model');
    cpSync(EMBEDDED_MODEL, model, { recursive: true });
    const path = join(model, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    const reason = 'Not measured to help.';
    writeFileSync(path, JSON.stringify({ ...manifest, rerank: { default: false, reason } }));
    const own = await openEngine({ dataDir: join(temporaryFolder(), 'library'), model });
    onTestFinished(() => own.close());
    await own.ingest([photos]);
    const { hits, rerank } = await own.search('a boat');
    expect(rerank).toMatchObject({ depth: 0, of: 0, reason });
    expect(hits.every(({ fusedScore }) => fusedScore === null)).toBe(true);
  });

  it('reads the best R and puts them in order; the others follow as they were', async () => {
    const plain = await engine.search('a boat on the sea', { limit: COUNT, rerank: false });
    const { hits, rerank, timing } = await engine.search('a boat on the sea', {
      limit: COUNT,
      rerank: { depth: 6, ...PATIENT },
    });
    expect(rerank).toEqual({ depth: 6, of: 6, reason: null });
    expect(timing.rerank).toBeGreaterThan(0);
    const ids = (list: typeof hits): number[] => list.map(({ item }) => item.id);
    expect(new Set(ids(hits).slice(0, 6))).toEqual(new Set(ids(plain.hits).slice(0, 6)));
    expect(ids(hits).slice(6)).toEqual(ids(plain.hits).slice(6));
    for (const [place, hit] of hits.slice(0, 6).entries()) {
      expect(hit.fusedScore).toEqual(expect.any(Number));
      expect(hit.rank?.final).toBe(place + 1);
      expect(ids(plain.hits)[(hit.rank?.candidate ?? 0) - 1]).toBe(hit.item.id);
    }
    for (const [place, hit] of hits.slice(1).entries())
      expect(hit.score).toBeLessThanOrEqual(hits[place]?.score ?? NaN);
  });

  it('takes off what a photo owes to being near to any caption', async () => {
    const { manifest } = await openModel(EMBEDDED_MODEL, dataDir);
    const { textToImage } = manifest.fusion as NonNullable<typeof manifest.fusion>;
    expect(textToImage.hubness).toBe(0.5);
    expect(manifest.fusion?.imageToText.hubness).toBeUndefined();
    const { hits } = await engine.search('a boat', { limit: 4, rerank: { depth: 4, ...PATIENT } });
    const asked = [
      ...REFERENCE_CAPTIONS.map((text) => ({ text })),
      ...hits.map(({ item }) => ({ image: item.path })),
    ];
    const { embeddings } = await embed(asked, { model: 'embedded', dataDir });
    const rows = embeddings.map(({ embedding }) => Float32Array.from(embedding));
    const hubs = new Hubness(
      Float32Array.from(rows.slice(0, REFERENCE_CAPTIONS.length).flatMap((row) => [...row])),
    );
    for (const [place, { similarity, fusedScore, score }] of hits.entries()) {
      const hubness = hubs.of(rows[REFERENCE_CAPTIONS.length + place] as Float32Array);
      expect(hubness).toBeGreaterThan(0.1);
      // The model's own copy of the captions has eight bits.
      expect(score).toBeCloseTo(
        fusedLogit(textToImage, { similarity, hubness, fused: fusedScore ?? NaN }),
        1,
      );
    }
  });

  it('gives pages that fit together', async () => {
    const rerank = { depth: COUNT, ...PATIENT };
    const whole = await engine.search('rain', { limit: COUNT, rerank });
    const pages = [];
    for (let offset = 0; offset < COUNT; offset += 5)
      pages.push(...(await engine.search('rain', { limit: 5, offset, rerank })).hits);
    expect(pages.map(({ item }) => item.id)).toEqual(whole.hits.map(({ item }) => item.id));
  });

  it('tells its candidates first', async () => {
    const told: (readonly [number, number | undefined])[] = [];
    const { hits } = await engine.search('a red car', {
      rerank: { depth: 4, ...PATIENT },
      onCandidates: (answer) => told.push([answer.hits.length, answer.rerank?.of]),
    });
    expect(told).toEqual([[hits.length, 4]]);
  });

  it('answers with what it has when time is up', async () => {
    const { hits, rerank } = await engine.search('a farm in autumn', {
      limit: COUNT,
      rerank: { depth: COUNT, budgetMs: 0.01 },
    });
    expect(rerank?.of).toBe(COUNT);
    expect(rerank?.depth).toBeLessThan(COUNT);
    expect(rerank?.reason).toMatch(/time was up|being loaded/);
    expect(hits).toHaveLength(COUNT);
  });

  it('stops for somebody who left', async () => {
    const leaving = new AbortController();
    const searching = engine.search('an orange tent', {
      rerank: PATIENT,
      signal: leaving.signal,
      onCandidates: () => leaving.abort(new Error('left')),
    });
    await expect(searching).rejects.toThrow('left');
  });

  it('passes over a photo that was deleted after it was found', async () => {
    await using own = await openEngine({ dataDir: temporaryFolder() });
    await own.ingest([photos]);
    let gone = '';
    const { hits } = await own.search('a mountain', {
      limit: COUNT,
      rerank: { depth: COUNT, ...PATIENT },
      onCandidates: ({ hits: [first] }) => {
        gone = first?.item.path ?? '';
        own.forget(gone);
      },
    });
    expect(hits).toHaveLength(COUNT - 1);
    expect(hits.map(({ item }) => item.path)).not.toContain(gone);
  });

  it('keeps pixels with the photo: makes them again, and lets them go', async () => {
    await engine.search('a wood', { rerank: { depth: COUNT, ...PATIENT } });
    expect(pixelFiles()).toHaveLength(COUNT);
    rmSync(join(dataDir, 'pixels'), { recursive: true });
    const { rerank } = await engine.search('a lake', { rerank: { depth: COUNT, ...PATIENT } });
    expect(rerank?.depth).toBe(COUNT);
    expect(pixelFiles()).toHaveLength(COUNT);

    const folder = temporaryFolder();
    await using own = await openEngine({ dataDir: folder });
    await own.ingest([photos]);
    const store = join(folder, 'pixels');
    const count = (): number =>
      readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rgb'))
        .length;
    expect(count()).toBe(COUNT);
    own.forget(photos);
    await expect.poll(count).toBe(0);
    expect(existsSync(store)).toBe(true);
  });

  it('looks for the positive part of a query, and verifies what must not be there', async () => {
    const rerank = { depth: COUNT, ...PATIENT };
    const plain = await engine.search('a beach', { limit: COUNT, rerank });
    const without = await engine.search('a beach without a boat', { limit: COUNT, rerank });
    const boat = await engine.search('a boat', { limit: COUNT, rerank });
    const fusedOf = (list: typeof plain.hits, id: number): number =>
      list.find(({ item }) => item.id === id)?.fusedScore ?? NaN;
    for (const { item, fusedScore, similarity } of without.hits) {
      expect(similarity).toBeCloseTo(plain.hits.find((hit) => hit.item.id === item.id)?.similarity ?? NaN, 6);
      expect(fusedScore).toBeCloseTo(fusedOf(plain.hits, item.id) - fusedOf(boat.hits, item.id), 5);
    }
  });

  it('reads captions against a picture, too', async () => {
    const image = join(photos, 'scene-003.jpg');
    const { hits, rerank } = await engine.search(
      { image },
      { kind: 'caption', rerank: { depth: 5, ...PATIENT } },
    );
    expect(rerank).toEqual({ depth: 5, of: 5, reason: null });
    expect(hits[0]).toMatchObject({ item: { kind: 'caption' }, fusedScore: expect.any(Number) as number });
    const alike = await engine.search({ image }, { rerank: true });
    expect(alike.rerank).toMatchObject({ depth: 0, of: 0, reason: expect.any(String) as string });
  });

  it('says when a text is longer than the model reads', async () => {
    const { warnings, rerank } = await engine.search('a walk on the beach '.repeat(20), { rerank: PATIENT });
    expect(warnings).toEqual([expect.stringContaining('longer than the model reads')]);
    expect(rerank?.depth).toBeGreaterThan(0);
  });

  it.each([{ depth: 1001 }, { depth: 0 }, { budgetMs: 0 }, { budgetMs: -1 }])(
    'refuses %j',
    async (rerank) => {
      const refusal = expect.objectContaining({ code: 'ERR_REQUEST_INVALID' });
      await expect(engine.search('x', { rerank })).rejects.toThrow(refusal);
    },
  );
});

describe('a model without a head to rerank with', () => {
  it('is refused where a rerank is asked for, with the way to others; searches without it', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'old');
    await importCheckpoint({
      checkpoint: smallCheckpoint('retrieval', folder),
      tokenizer: SMALL_TOKENIZER,
      folder: model,
      name: 'old',
      precision: 'fp32',
    });
    // As bundles were before they had embeddings of patches and words.
    const path = join(model, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { graphs: string[] };
    writeFileSync(path, JSON.stringify({ ...manifest, graphs: ['image', 'text'] }));
    const own = await openEngine({ dataDir: join(folder, 'library'), model });
    onTestFinished(() => own.close());
    await own.ingest([photos]);
    expect((await own.search('a boat')).rerank).toBeNull();
    const refusal = expect.objectContaining({
      code: 'ERR_MODEL_CAPABILITY',
      message: expect.stringContaining('sightline models list') as string,
    });
    await expect(own.search('a boat', { rerank: true })).rejects.toThrow(refusal);
  });
});

describe('sightline search --rerank', () => {
  it('tells the fused scores as JSON, and how deep it read', async () => {
    await engine.close();
    const args = ['search', 'a boat', '--json', '--limit', '3'];
    const answer = async (...flags: string[]): Promise<{ hits: { fusedScore: number | null }[] }> =>
      JSON.parse((await runCommand([...args, ...flags], dataDir)).stdout) as {
        hits: { fusedScore: number | null }[];
      };
    expect((await answer('--no-rerank')).hits[0]?.fusedScore).toBeNull();
    expect(await answer('--rerank=3')).toHaveProperty('rerank.of', 3);
    expect((await runCommand(['search', 'a boat', '--rerank=1001'], dataDir)).code).toBe(2);
  });
});
