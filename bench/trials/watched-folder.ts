/** A watched folder: how long a new photo takes to be found and a search to answer, at rest and during a backfill. */
import { mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openEngine, type SearchEngine } from '../../src/mod.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface Part {
  /** Seconds from the moment a photo lies in the folder until a search finds it. */
  readonly findable: readonly number[];
  /** Milliseconds of text searches. */
  readonly searches: readonly number[];
}

export interface WatchedTrial {
  readonly input: {
    /** Where the photos of the backfill lie. */
    readonly backfill: string;
    /** Photos that come while it rests, and as many while it fills. They are moved away. */
    readonly newcomers: readonly string[];
    /** A photo to begin with, so that everything is loaded. */
    readonly first: string;
    readonly searches: number;
    readonly texts: readonly string[];
  };
  readonly result: {
    readonly idle: Part;
    readonly backfill: Part;
    /** Resident set in MiB, with how many photos were in. */
    readonly memory: readonly { readonly photos: number; readonly mebibytes: number }[];
  };
}

const MEBIBYTE = 1024 ** 2;
const POLL = 10;
/** Milliseconds between two searches of somebody who thinks meanwhile. */
const THOUGHT = 100;
const MEMORY_EVERY = 500;

async function untilFound(engine: SearchEngine, path: string): Promise<number> {
  const start = performance.now();
  const wanted = engine.status().library.items.photo + 1;
  for (;;) {
    const photos = engine.status().library.items.photo;
    if (photos >= wanted && engine.failures(1).length === 0) {
      const { hits } = await engine.search({ image: path }, { limit: 5 });
      if (hits.some(({ item }) => item.path === path)) return (performance.now() - start) / 1000;
    }
    await wait(POLL);
  }
}

async function part(
  engine: SearchEngine,
  watched: string,
  newcomers: readonly string[],
  texts: readonly string[],
  count: number,
): Promise<Part> {
  const findable: number[] = [];
  for (const path of newcomers) {
    const target = join(watched, basename(path));
    await rename(path, target);
    findable.push(await untilFound(engine, target));
  }
  await engine.intake.setConsiderate(true);
  const searches: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await engine.search(texts[i % texts.length] as string);
    searches.push(performance.now() - start);
    await wait(THOUGHT);
  }
  await engine.intake.setConsiderate(false);
  return { findable, searches };
}

trial<WatchedTrial>(async ({ backfill, newcomers, first, searches, texts }) => {
  await using place = await temporaryFolder();
  const watched = join(place.path, 'watched');
  mkdirSync(watched);
  await using engine = await openEngine({ dataDir: join(place.path, 'library') });
  await engine.intake.remember([watched]);
  await engine.intake.follow();
  await engine.warmUp();
  await engine.ingest([first]);

  const half = newcomers.length / 2;
  const idle = await part(engine, watched, newcomers.slice(0, half), texts, searches);
  const memory: { photos: number; mebibytes: number }[] = [];
  let next = MEMORY_EVERY;
  const filled = engine.ingest([backfill], {
    onProgress: ({ done }) => {
      if (done < next) return;
      next = done + MEMORY_EVERY;
      memory.push({ photos: done, mebibytes: process.memoryUsage.rss() / MEBIBYTE });
    },
  });
  const during = await part(engine, watched, newcomers.slice(half), texts, searches);
  const { added } = await filled;
  memory.push({ photos: added, mebibytes: process.memoryUsage.rss() / MEBIBYTE });
  return { idle, backfill: during, memory };
});
