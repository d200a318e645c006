import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './messages.js';

/** Where the session worker lives: in a thread of this process, or in a process of its own that may die alone. */
export type Isolation = 'thread' | 'process';

/** The way to a session worker and back. */
export interface SessionLine {
  send(request: WorkerRequest): void;
  /** Whether this process stays alive for its sake. */
  hold(held: boolean): void;
  end(): Promise<void>;
}

export interface SessionEnds {
  readonly onReply: (reply: WorkerReply) => void;
  readonly onStop: (reason: Error) => void;
}

const WORKER = new URL('./session-worker.js', import.meta.url);

function threadLine(settings: WorkerSettings, { onReply, onStop }: SessionEnds): SessionLine {
  const worker = new Worker(WORKER, { workerData: settings });
  worker.on('message', onReply);
  worker.on('error', onStop);
  return {
    send: (request) => worker.postMessage(request),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: async () => {
      await worker.terminate();
    },
  };
}

function processLine(settings: WorkerSettings, { onReply, onStop }: SessionEnds): SessionLine {
  const child = fork(fileURLToPath(WORKER), [JSON.stringify(settings)], {
    // Typed arrays go across as they are.
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      resolve();
      onStop(new Error(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    });
    child.on('error', (error) => {
      resolve();
      onStop(error);
    });
  });
  child.on('message', (reply) => onReply(reply as WorkerReply));
  return {
    // A child that died meanwhile says so by its exit.
    send: (request) => void child.send(request, () => {}),
    hold: (held) => {
      if (held) child.ref();
      else child.unref();
    },
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function openSessionLine(
  isolation: Isolation,
  settings: WorkerSettings,
  ends: SessionEnds,
): SessionLine {
  return isolation === 'thread' ? threadLine(settings, ends) : processLine(settings, ends);
}
