import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import { importCheckpoint, type ImportOptions, modelsFolder } from '#src/engine/mod.js';
import { eventually, startCommand } from '../support/command-line.js';
import { fillUp, smallDisk } from '../support/small-disk.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A little more than the small checkpoint is expected to need, and less than its graphs need beside it. */
const EXPECTED_BYTES = 1_600_000;

function importInto(folder: string, more: Partial<ImportOptions> = {}): Promise<unknown> {
  return importCheckpoint({
    checkpoint: smallCheckpoint('retrieval', temporaryFolder()),
    tokenizer: SMALL_TOKENIZER,
    folder: join(modelsFolder(folder), 'small'),
    name: 'small',
    precision: 'fp32',
    ...more,
  });
}

const refusal = (code: string, words: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string });

describe('an import that cannot end', () => {
  it('is refused before it begins where the disk is too small', async (context) => {
    const disk = smallDisk(context, 1);
    const importing = importInto(disk);
    await expect(importing).rejects.toThrow(
      refusal('ERR_DISK_FULL', /Expected about \d MB free .* but there are \d MB\. Free some room/),
    );
    expect(readdirSync(modelsFolder(disk))).toEqual([]);
  });

  it('leaves nothing behind where the disk fills up meanwhile', async (context) => {
    const disk = smallDisk(context, 3);
    // What the weights need is free when it begins; the graphs behind them no longer fit.
    fillUp(disk, EXPECTED_BYTES);
    const importing = importInto(disk);
    await expect(importing).rejects.toThrow(refusal('ERR_DISK_FULL', /the disk is full; free some room/));
    expect(readdirSync(modelsFolder(disk))).toEqual([]);
  });

  it.each([0, 5, 20, 60])('leaves nothing behind when it is stopped after %d ms', async (delay) => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const stop = (): void => controller.abort(new SightlineError('ERR_INTERRUPTED', 'Interrupted.'));
    if (delay === 0) stop();
    else setTimeout(stop, delay);
    const outcome = await importInto(folder, { signal: controller.signal }).then(
      () => 'done',
      (error: unknown) => (error as SightlineError).code,
    );
    // A quick machine may have been done already.
    expect(['ERR_INTERRUPTED', ...(delay > 0 ? ['done'] : [])]).toContain(outcome);
    expect(readdirSync(modelsFolder(folder))).toEqual(outcome === 'done' ? ['small'] : []);
  });

  it('is refused by name where it is stopped in the middle of the weights', async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const importing = importInto(folder, { signal: controller.signal });
    await eventually(() => Promise.resolve(readdirSync(folder).length > 0 || undefined));
    controller.abort(new SightlineError('ERR_INTERRUPTED', 'Interrupted.'));
    await expect(importing).rejects.toThrow(refusal('ERR_INTERRUPTED', /Interrupted/));
    expect(readdirSync(modelsFolder(folder))).toEqual([]);
  });

  it('that was killed is cleared away by the next one, and one that still runs is left alone', async () => {
    const folder = temporaryFolder();
    const gone = spawnSync(process.execPath, ['--version']).pid;
    for (const pid of [gone, process.ppid])
      mkdirSync(join(modelsFolder(folder), `.small.${pid}.unfinished`), { recursive: true });
    await importInto(folder);
    expect(readdirSync(modelsFolder(folder)).toSorted()).toEqual([
      `.small.${process.ppid}.unfinished`,
      'small',
    ]);
  });

  it('leaves nothing behind at Ctrl-C', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(modelsFolder(dataDir), { recursive: true });
    const checkpoint = smallCheckpoint('retrieval', temporaryFolder());
    const args = ['models', 'import', checkpoint, '--tokenizer', SMALL_TOKENIZER, '--name', 'small'];
    const running = startCommand(args, dataDir);
    let over = false;
    void running.ended.then(() => (over = true));
    await eventually(() =>
      Promise.resolve(over || readdirSync(modelsFolder(dataDir)).length > 0 || undefined),
    );
    running.process.kill('SIGINT');
    const { code } = await running.ended;
    // A quick machine may have been done already.
    expect([0, 130]).toContain(code);
    expect(readdirSync(modelsFolder(dataDir))).toEqual(code === 0 ? ['small'] : []);
  });
});
