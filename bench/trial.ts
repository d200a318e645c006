/** Trials run in processes of their own: none gains from the warm caches, the heap or the sessions of another. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a trial takes and gives; the file of each declares its own. */
export interface TrialShape {
  readonly input: object;
  readonly result: unknown;
}

type Reply = { readonly result: unknown } | { readonly error: string };

/** A trial that has given its result and keeps running, a server for example, until it is disposed of. */
export interface RunningTrial<Result> extends AsyncDisposable {
  readonly result: Result;
}

function reply(child: ChildProcess, name: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Reply));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`The trial ${name} ended without a result (${signal ?? `exit code ${code}`}).`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exited;
}

/** @param name a file of bench/trials without its extension */
export async function startTrial<Shape extends TrialShape>(
  name: string,
  input: Shape['input'],
): Promise<RunningTrial<Shape['result']>> {
  const file = fileURLToPath(new URL(`./trials/${name}.js`, import.meta.url));
  // Structured clone carries vectors as they are; stdout belongs to the tables.
  const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
  const answered = reply(child, name);
  child.send(input);
  const answer = await answered;
  if ('error' in answer) {
    await end(child);
    throw new Error(`The trial ${name} failed: ${answer.error}`);
  }
  return { result: answer.result, [Symbol.asyncDispose]: () => end(child) };
}

/** Runs a trial to its end. */
export async function runTrial<Shape extends TrialShape>(
  name: string,
  input: Shape['input'],
): Promise<Shape['result']> {
  await using running = await startTrial<Shape>(name, input);
  return running.result;
}

/**
 * The child's side: the whole program of a file in bench/trials. What is given to `atEnd` runs, last first, when nobody
 * needs the trial any more.
 */
export function trial<Shape extends TrialShape>(
  body: (input: Shape['input'], atEnd: (cleanUp: () => Promise<void>) => void) => Promise<Shape['result']>,
): void {
  const cleanUps: (() => Promise<void>)[] = [];
  process.once('message', (input) => {
    void body(input as Shape['input'], (cleanUp) => cleanUps.unshift(cleanUp))
      .then((result): Reply => ({ result }))
      .catch(
        (error: unknown): Reply => ({ error: error instanceof Error ? (error.stack ?? '') : String(error) }),
      )
      .then((answer) => process.send?.(answer));
  });
  const cleanUpAndExit = async (): Promise<void> => {
    for (const cleanUp of cleanUps) await cleanUp().catch((error: unknown) => console.error(error));
    process.exit();
  };
  // Ctrl-C reaches the whole group; the parent ends, and then this does.
  process.on('SIGINT', () => {});
  process.once('disconnect', () => void cleanUpAndExit());
}
