/**
 * Hostile and damaged checkpoints by the thousand. FUZZ=20000 sets how many, FUZZ_SEED=7 the seed of the first: case i has
 * the seed FUZZ_SEED + i, so FUZZ=1 with the seed of a failure opens that file alone.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mutatedCheckpoint, VALID } from '../support/checkpoint-mutation.js';
import { BOMBS, FURTHER_BOMBS } from '../support/checkpoint-mutation-bombs.js';
import { CheckpointRunner, type Trial } from '../support/checkpoint-mutation-runner.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

/** The long way: every file that costs much, not only those of one kind each. */
const long = process.env.FUZZ !== undefined;
const bombs = long ? { ...BOMBS, ...FURTHER_BOMBS } : BOMBS;
const COUNT = Number(process.env.FUZZ ?? 1500);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const MAX_MS = 2000;
const MAX_MEMORY = 300 * 2 ** 20;
const OUTCOME = /^(opened|ERR_CHECKPOINT_(FORMAT|UNSAFE|UNSUPPORTED))$/;

const GOLDENS = ['imageclassification_vision_only', 'retrieval_legacy', 'retrieval_training'];
const golden = (name: string): string => `goldens/checkpoints/${name}.pth`;
const pytorch = lacksShared(golden('retrieval_training'))
  ? []
  : GOLDENS.map((name) => readFileSync(sharedPath(golden(name))));

let runner: CheckpointRunner;
beforeAll(async () => {
  runner = await CheckpointRunner.start();
});
afterAll(async () => {
  await runner.close();
});
beforeEach(() => runner.fresh());

const within = ({ outcome, ms, memory }: Trial): boolean =>
  OUTCOME.test(outcome) && ms <= MAX_MS && memory <= MAX_MEMORY;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

test('what the mutations start from opens', async () => {
  for (const bytes of [...VALID, ...pytorch]) expect((await runner.open(bytes)).outcome).toBe('opened');
});

describe('files that cost as much as they can', () => {
  test.each(Object.entries(bombs))('%s', async (name, make) => {
    const trial = await runner.open(make());
    if (long) process.stderr.write(`${trial.ms.toFixed(0)} ms, ${megabytes(trial.memory)}: ${name}\n`);
    expect(within(trial), JSON.stringify(trial)).toBe(true);
  });
});

test(`${COUNT} mutated checkpoints, from seed ${FIRST}, are read or refused by name`, {
  timeout: 60_000 + COUNT * 100,
}, async () => {
  const outcomes: Record<string, number> = {};
  const slowest = { ms: 0, seed: FIRST };
  let memory = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const { family, bytes } = mutatedCheckpoint(seed, pytorch);
    const trial = await runner.open(bytes);
    const rerun = `FUZZ_SEED=${seed} FUZZ=1 npx vitest run --project property checkpoint-fuzz`;
    expect(within(trial), `${family}, ${JSON.stringify(trial)}; again with ${rerun}`).toBe(true);
    const counted = `${family}: ${trial.outcome}`;
    outcomes[counted] = (outcomes[counted] ?? 0) + 1;
    if (trial.ms > slowest.ms) Object.assign(slowest, { ms: trial.ms, seed });
    memory = Math.max(memory, trial.memory);
  }
  expect(await runner.written()).toEqual([]);
  const lines = Object.entries(outcomes)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([outcome, count]) => `  ${count} ${outcome}`);
  process.stderr.write(
    `${COUNT} mutated checkpoints from seed ${FIRST}; the slowest took ${slowest.ms.toFixed(0)} ms (seed ${slowest.seed}), ` +
      `the most memory was ${megabytes(memory)}\n${lines.join('\n')}\n`,
  );
});
