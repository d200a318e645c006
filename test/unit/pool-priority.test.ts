import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../dist/src/ingest/pool-priority.js', import.meta.url));

/** In a process of its own: priorities cannot be raised again. Prints what was found and every thread's niceness. */
const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs';
  const { lowerPoolPriority } = await import(${JSON.stringify(MODULE)});
  const found = await lowerPoolPriority();
  const niceness = Object.fromEntries(readdirSync('/proc/self/task').map((thread) => {
    const fields = readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ');
    return [thread, Number(fields[16])];
  }));
  console.log(JSON.stringify({ found, main: niceness[process.pid], all: Object.values(niceness) }));
`;

describe.skipIf(process.platform !== 'linux')('the priority of the threads that decode', () => {
  it('is low, and that of the others as it was', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '3' },
    });
    const { found, main, all } = JSON.parse(stdout) as { found: number; main: number; all: number[] };
    expect(all.filter((niceness) => niceness > main)).toHaveLength(found);
    expect(found).toBeGreaterThanOrEqual(3);
    expect(found).toBeLessThan(all.length - 1);
  });
});
