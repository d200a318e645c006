/**
 * Files are read and pictures decoded by the threads of libuv's pool, which know nothing of priorities, so that a search
 * shares the cores with whatever they are decoding. On Linux the kernel weighs each thread for itself: with a lower
 * priority they take what searches leave, and are pushed aside when one begins.
 *
 * Nobody tells which threads they are, so they are found by their work: a handful of small sums goes to the pool, and who
 * has used processor time afterwards did them (a thread of the garbage collector too many does no harm). What the kernel
 * does not tell, or does not allow, is left as it is.
 */
import { pbkdf2 } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { promisify } from 'node:util';
import { backgroundNiceness } from '../core/niceness.js';

const derive = promisify(pbkdf2);

/** Several for each thread, whose usual number is four; together they take a tenth of a second of processor time. */
const SUMS = 48;
const ROUNDS = 4000;

const TASKS = '/proc/self/task';

/** Nanoseconds that each thread of this process has run. Empty where the kernel does not tell. */
async function runTimes(): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  for (const thread of await readdir(TASKS).catch(() => [])) {
    // A thread may have ended meanwhile.
    const text = await readFile(`${TASKS}/${thread}/schedstat`, 'utf8').catch(() => '');
    if (text !== '') times.set(Number(thread), Number.parseInt(text, 10));
  }
  return times;
}

async function poolThreads(): Promise<number[]> {
  const before = await runTimes();
  if (before.size === 0) return [];
  await Promise.all(Array.from({ length: SUMS }, () => derive('', '', ROUNDS, 32, 'sha256')));
  const ran = [...(await runTimes())]
    .filter(([thread]) => thread !== process.pid)
    .map(([thread, time]) => [thread, time - (before.get(thread) ?? 0)] as const);
  const all = ran.reduce((sum, [, time]) => sum + time, 0);
  return ran.filter(([, time]) => time > all / SUMS / 2).map(([thread]) => thread);
}

/**
 * Lets all other threads go before those that read and decode, for as long as the process lives.
 * @returns how many threads were found; 0 where that cannot be done
 */
export async function lowerPoolPriority(): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const threads = await poolThreads();
  try {
    const niceness = backgroundNiceness();
    for (const thread of threads) setPriority(thread, niceness);
    return threads.length;
  } catch {
    // Some containers forbid it.
    return 0;
  }
}
