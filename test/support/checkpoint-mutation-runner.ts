import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Trial {
  /** `opened`, the code of a refusal that the reader foresaw, or what went wrong: `unforeseen`, `hung`, `crashed`. */
  readonly outcome: string;
  readonly message?: string;
  readonly ms: number;
  /** Most bytes that the process has held so far beyond those it started with. */
  readonly memory: number;
}

const CHILD = fileURLToPath(new URL('./checkpoint-mutation-child.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** After this the process is ended. What the reader may take is far less, and is not for a timer to measure. */
const HUNG_MS = 15_000;

const permission = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/** Opens checkpoints in a process that may only read, and that is replaced when it hangs or crashes. */
export class CheckpointRunner {
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<CheckpointRunner> {
    return new CheckpointRunner(await mkdtemp(join(tmpdir(), 'sightline-fuzz-')));
  }

  async open(bytes: Uint8Array): Promise<Trial> {
    const path = join(this.#folder, 'file.pth');
    await writeFile(path, bytes);
    const child = (this.#child ??= await startChild());
    const hung = AbortSignal.timeout(HUNG_MS);
    const failed = (outcome: string): Trial => ({ outcome, ms: HUNG_MS, memory: 0 });
    const ended = new AbortController();
    const either = AbortSignal.any([hung, ended.signal]);
    try {
      const answered = once(child, 'message', { signal: either }).then(([trial]) => trial as Trial);
      const exited = once(child, 'exit', { signal: either }).then(() => failed('crashed'));
      child.send(path);
      const trial = await Promise.race(
        [answered, exited].map((promise) => promise.catch(() => failed('hung'))),
      );
      if (trial.outcome === 'hung' || trial.outcome === 'crashed') this.fresh();
      return trial;
    } finally {
      ended.abort();
    }
  }

  /** The next file is opened in a process of its own. */
  fresh(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** What lies beside the file that was opened. */
  async written(): Promise<string[]> {
    return (await readdir(this.#folder)).filter((name) => name !== 'file.pth');
  }

  async close(): Promise<void> {
    this.fresh();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function startChild(): Promise<ChildProcess> {
  const execArgv = ['--expose-gc', '--no-warnings', permission, '--allow-fs-read=*'];
  const child = fork(CHILD, { cwd: ROOT, execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  await once(child, 'message');
  return child;
}
