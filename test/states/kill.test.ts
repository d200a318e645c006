import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '#src/index/catalog/migrations.js';
import { currentModel, type Library } from '#src/index/mod.js';
import { drawnSeed, repetitions } from '../support/long-run.js';
import { writeOlderLibrary } from '../support/older-library.js';
import { seededRandom } from '../support/seeded-random.js';
import { expectSound, hashOf, open, vectorOf } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WORKER = fileURLToPath(new URL('../support/library-worker.mjs', import.meta.url));
const KILLS = repetitions(16, 200);
/** Milliseconds between opening and the kill, at most. */
const LIFE = 300;
/** Milliseconds from the start to a kill while the library is being opened, at most. */
const BIRTH = 400;
/** So many photos there may be; the worker knows it too. */
const PHOTOS = 300;

interface State {
  readonly photos: ReadonlySet<number>;
  readonly model: string;
}

type Change = { readonly add: number[] } | { readonly remove: number[] } | { readonly model: string };

function changed({ photos, model }: State, change: Change): State {
  if ('model' in change) return { photos, model: change.model };
  if ('add' in change) return { photos: new Set([...photos, ...change.add]), model };
  const removed = new Set(change.remove);
  return { photos: new Set([...photos].filter((n) => !removed.has(n))), model };
}

/** What the worker's lines promise, and what they would if the last change, not acknowledged, was durable already. */
function promised(text: string, before: State): readonly [State, State] {
  let state = before;
  let pending: Change | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const what = JSON.parse(line) as Change | 'open' | 'done';
    if (typeof what === 'object') pending = what;
    else if (what === 'done' && pending) {
      state = changed(state, pending);
      pending = undefined;
    }
  }
  return [state, pending ? changed(state, pending) : state];
}

/** Runs the worker, kills it at a random moment, and returns what it had said. */
async function runAndKill(folder: string, seed: number, early: boolean, share: number): Promise<string> {
  const child = spawn(process.execPath, [WORKER, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const spoken = once(child.stdout, 'data');
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = once(child, 'close');
  if (!early) await Promise.race([spoken, closed]);
  await after(share * (early ? BIRTH : LIFE));
  expect(child.exitCode, 'the worker ended by itself').toBeNull();
  child.kill('SIGKILL');
  await closed;
  return text;
}

function stateOf(library: Library): State {
  const photos = Array.from({ length: PHOTOS }, (_, n) => n).filter((n) => library.has('photo', `hash-${n}`));
  return { photos: new Set(photos), model: library.modelId };
}

/** Each photo that is there is found by its vector of the current model, and no other is. */
function expectFound(library: Library, { photos, model }: State): void {
  expect(library.searchable('photo')).toBe(photos.size);
  for (let n = 0; n < PHOTOS; n++) {
    const found = hashOf(library, vectorOf(n, model === 'model-b' ? 5 : 0)) === `hash-${n}`;
    expect({ n, found }).toEqual({ n, found: photos.has(n) });
  }
}

describe('kill -9 while photos come and go, graphs are built, models change and schemas are brought up to date', () => {
  it(
    `${KILLS} times: what was acknowledged holds, a change is whole or not there, and nothing is amiss`,
    async () => {
      const seed = drawnSeed(`${KILLS} kills`);
      const random = seededRandom(seed);
      const folder = join(temporaryFolder(), 'library');
      let state: State = { photos: new Set(), model: 'model-a' };
      for (let kill = 0; kill < KILLS; kill++) {
        if (kill % 8 === 0) {
          rmSync(folder, { recursive: true, force: true });
          const version = 1 + Math.floor(random() * MIGRATIONS.length);
          writeOlderLibrary(folder, version, 100);
          state = { photos: new Set(Array.from({ length: 100 }, (_, n) => n)), model: 'model-a' };
        }
        const early = kill % 8 < 2;
        const text = await runAndKill(folder, seed + kill, early, random());
        const possible = promised(text, state);
        const library = await open(folder, false, currentModel(folder)?.modelId ?? 'model-a');
        const actual = stateOf(library);
        expect(possible).toContainEqual(actual);
        expectFound(library, actual);
        expectSound(library);
        await library.close();
        state = actual;
      }
    },
    KILLS * 10_000,
  );
});
