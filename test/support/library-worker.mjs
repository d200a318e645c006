/**
 * A process that changes a library without end and is killed at any moment. Before each change it prints what it is about
 * to do, and after it `done`: whoever started it then knows what was promised when it died. Plain JavaScript, so that Node
 * starts it as it is.
 */
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unit } from '#src/core/embedding.js';
import { currentModel, Library } from '#src/index/mod.js';

const DIMENSIONS = 16;
/** So low that graphs are built by threads all the time. */
const LIMITS = { fresh: 60, tombstones: 30, tombstoneShare: 0.2 };
/** Few, so that they go and come again. */
const PHOTOS = 300;
const MODELS = { 'model-a': 0, 'model-b': 5 };

const [folder, seed] = process.argv.slice(2);
let state = Number(seed) >>> 0;
const random = (below) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** In one write, so that a line is whole or not there. */
const say = (what) => void writeSync(1, `${JSON.stringify(what)}\n`);

const vectorOf = (n, model) =>
  unit(
    Float32Array.from({ length: DIMENSIONS }, (_, i) =>
      Math.sin((n + 1) * 12.9898 + i * 78.233 + MODELS[model]),
    ),
  );

function photo(n, model) {
  const file = { path: `/photos/${n}.jpg`, size: n, mtimeMs: n };
  const picture = { width: 1, height: 1, format: 'jpeg', embedding: vectorOf(n, model) };
  return { type: 'photo', file, contentHash: `hash-${n}`, photo: picture };
}

async function changeModel(library) {
  const name = library.modelId === 'model-a' ? 'model-b' : 'model-a';
  const change = library.beginSwitch({ modelId: name, name, dimensions: DIMENSIONS });
  for (let items = change.lacking(0, 32); items.length > 0; items = change.lacking(0, 32)) {
    const numbered = items.map(({ id, contentHash }) => ({
      id,
      n: Number(contentHash.slice('hash-'.length)),
    }));
    change.add(numbered.map(({ id, n }) => ({ id, vector: vectorOf(n, name) })));
    await nextTurn();
  }
  say({ model: name });
  await library.completeSwitch(change, [], () => {});
  say('done');
}

async function act(library) {
  const numbers = Array.from({ length: 1 + random(30) }, () => random(PHOTOS));
  const choice = random(12);
  if (choice < 5) {
    say({ add: numbers });
    library.commit(numbers.map((n) => photo(n, library.modelId)));
    say('done');
  } else if (choice < 9) {
    say({ remove: numbers });
    library.forget(numbers.map((n) => `/photos/${n}.jpg`));
    say('done');
  } else if (choice === 9) await library.save();
  else if (choice === 10) await changeModel(library);
  else if (library.pendingModel) library.abandonSwitch();
  await nextTurn();
}

// A library of an older schema is brought up to date here.
const modelId = currentModel(folder)?.modelId ?? 'model-a';
const library = await Library.open({
  folder,
  modelId,
  dimensions: DIMENSIONS,
  readOnly: false,
  limits: LIMITS,
});
say('open');
for (;;) await act(library);
