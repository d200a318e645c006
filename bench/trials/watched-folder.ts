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
  /** Milliseconds of text searches by somebody who tries one after the other. */
  readonly searches: readonly number[];
  /** The same where a backfill has time between them to go on. */
  readonly apart: readonly number[];
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
    readonly apart: number;
    readonly texts: readonly string[];
  };
  readonly result: {
    readonly idle: Part;
    readonly backfill: Part;
  };
}

const POLL = 10;
/** Milliseconds between two searches of somebody who thinks meanwhile, and of people who come now and then. */
const THOUGHT = 100;
const PAUSE = 700;

function isThere(engine: SearchEngine, path: string): boolean {
  try {
    return engine.shelf.at(path).kind === 'photo';
  } catch {
    return false;
  }
}

async function untilFound(engine: SearchEngine, path: string): Promise<number> {
  const start = performance.now();
  while (!isThere(engine, path)) await wait(POLL);
  const { hits } = await engine.search({ image: path }, { limit: 5 });
  const found = (performance.now() - start) / 1000;
  if (!hits.some(({ item }) => item.kind === 'photo' && item.path === path))
    throw new Error(`Expected a search by ${path} to find it.`);
  return found;
}

interface Wishes {
  readonly searches: number;
  readonly apart: number;
  readonly texts: readonly string[];
}

async function searchTimes(
  engine: SearchEngine,
  texts: Iterator<string>,
  count: number,
  pause: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await engine.search(texts.next().value as string, { rerank: false });
    times.push(performance.now() - start);
    await wait(pause);
  }
  return times;
}

/** No text twice: the answer to one that was asked before costs less. */
function* unlike(texts: readonly string[]): Generator<string, never> {
  for (let i = 0; ; i++) yield `${texts[i % texts.length]} ${i}`;
}

async function part(
  engine: SearchEngine,
  watched: string,
  newcomers: readonly string[],
  { searches, apart, texts }: Wishes,
): Promise<Part> {
  const findable: number[] = [];
  for (const path of newcomers) {
    const target = join(watched, basename(path));
    await rename(path, target);
    findable.push(await untilFound(engine, target));
  }
  await engine.intake.setConsiderate(true);
  const asked = unlike(texts);
  const times = {
    searches: await searchTimes(engine, asked, searches, THOUGHT),
    apart: await searchTimes(engine, asked, apart, PAUSE),
  };
  await engine.intake.setConsiderate(false);
  return { findable, ...times };
}

trial<WatchedTrial>(async ({ backfill, newcomers, first, ...wishes }) => {
  await using place = await temporaryFolder();
  const watched = join(place.path, 'watched');
  mkdirSync(watched);
  await using engine = await openEngine({ dataDir: join(place.path, 'library') });
  await engine.intake.remember([watched]);
  await engine.intake.follow();
  await engine.warmUp();
  await engine.ingest([first]);

  const half = newcomers.length / 2;
  const idle = await part(engine, watched, newcomers.slice(0, half), wishes);
  const leaving = new AbortController();
  let isOver = false;
  const filled = engine.ingest([backfill], { signal: leaving.signal }).then(() => (isOver = true));
  const during = await part(engine, watched, newcomers.slice(half), wishes);
  if (isOver) throw new Error('The backfill was over before everything was measured: give it more photos.');
  leaving.abort();
  await filled;
  return { idle, backfill: during };
});
