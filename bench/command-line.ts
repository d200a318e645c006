/** The command `sightline` as users start it, watched from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SearchAnswer } from '../src/api/search-schemas.js';
import type { StatusAnswer } from '../src/api/status-schemas.js';

/** From dist/bench/command-line.js. */
const PROGRAM: string = fileURLToPath(new URL('../../sightline.mjs', import.meta.url));

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;
/** Milliseconds between two looks. */
const POLL = 20;
const PATIENCE_SECONDS = 300;

async function hasHits(response: Response): Promise<boolean> {
  return response.ok && ((await response.json()) as SearchAnswer).hits.length > 0;
}

export class CommandLine {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Seconds that a command takes, from start to exit. */
  async run(args: readonly string[]): Promise<number> {
    const start = performance.now();
    const [code] = (await once(this.#spawn(args, 'ignore'), 'exit')) as [number | null];
    if (code !== 0) throw new Error(`sightline ${args[0]} ended with exit code ${code}.`);
    return (performance.now() - start) / 1000;
  }

  async serve(): Promise<ServingProcess> {
    const start = performance.now();
    const child = this.#spawn(['serve', '--demo', '--port', '0'], 'pipe');
    if (child.stdout === null) throw new TypeError('Expected the standard output of the child to be piped.');
    for await (const line of createInterface({ input: child.stdout })) {
      const url = ADDRESS.exec(line)?.[0];
      if (url !== undefined) return new ServingProcess(child, url, start);
    }
    throw new Error('sightline serve ended before it told its address.');
  }

  #spawn(args: readonly string[], stdout: 'pipe' | 'ignore'): ChildProcess {
    const all = [PROGRAM, ...args, '--data-dir', this.#dataDir];
    // Progress is not shown where stderr is no terminal; errors are.
    const child = spawn(process.execPath, all, { stdio: ['ignore', stdout, 'inherit'] });
    // A trial that fails or is interrupted leaves no server behind, nor one that writes into a folder just removed.
    process.prependOnceListener('exit', () => child.kill('SIGKILL'));
    return child;
  }
}

/** Times are seconds from the start of the process. */
export class ServingProcess {
  readonly pid: number;
  readonly listening: number;
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #start: number;

  constructor(child: ChildProcess, url: string, start: number) {
    this.#child = child;
    this.#url = url;
    this.#start = start;
    this.pid = child.pid ?? 0;
    this.listening = this.#elapsed();
    child.stdout?.resume();
  }

  /** When the answer to a request first pleases. */
  async until(
    path: string,
    pleases: (response: Response) => boolean | Promise<boolean>,
    init?: RequestInit,
  ): Promise<number> {
    while (this.#elapsed() < PATIENCE_SECONDS) {
      if (await pleases(await fetch(this.#url + path, init))) return this.#elapsed();
      await wait(POLL);
    }
    throw new Error(`${path} did not answer as expected within ${PATIENCE_SECONDS} s.`);
  }

  untilFound(text: string): Promise<number> {
    const body = JSON.stringify({ text });
    return this.until('/api/search', hasHits, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }

  /** The demo comes in two goes, so that a quiet moment does not mean that it is complete. */
  untilIngested(photos: number): Promise<number> {
    return this.until('/api/status', async (response) => {
      const { ingest, items } = (await response.json()) as StatusAnswer;
      return items.photo >= photos && !ingest.running;
    });
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  #elapsed(): number {
    return (performance.now() - this.#start) / 1000;
  }
}
