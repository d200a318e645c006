import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../sightline.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Settings of whoever runs the tests must not reach the program that is tested. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SIGHTLINE_'));
  return { ...Object.fromEntries(own), SIGHTLINE_DATA_DIR: dataDir, NO_COLOR: '1' };
}

function started(command: string, args: readonly string[], dataDir: string): Running {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: environment(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that it can be signalled with all it starts.
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...output })));
  return { process: child, ended };
}

/** Signals a program and all it started, as a terminal does with Ctrl-C. */
export function signalGroup({ process: child }: Running, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

/** The real command line, as a process of its own. */
export const startCommand = (args: readonly string[], dataDir: string): Running =>
  started(process.execPath, [COMMAND, ...args], dataDir);

export const runCommand = (args: readonly string[], dataDir: string): Promise<Ended> =>
  startCommand(args, dataDir).ended;

export const startNpm = (args: readonly string[], dataDir: string): Running => started('npm', args, dataDir);

/** Resolves with the address that a server prints. */
export function serverAddress({ process: child, ended }: Running): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      const address = /Sightline is at (http:\/\/\S+)/.exec(text)?.[1];
      if (address) resolve(address);
    });
    void ended.then(({ code, stderr }) => reject(new Error(`The server ended with ${code}: ${stderr}`)));
  });
}

/** Asks again and again until `look` finds something. */
export async function eventually<T>(look: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Nothing within ${seconds} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
