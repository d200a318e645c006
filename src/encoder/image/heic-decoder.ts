/**
 * HEIC, as phones write it. The picture library knows the container but not the coding inside (HEVC), so a WebAssembly build
 * of libheif does that, in worker threads: it would hold the event loop for a second a picture, and a thread can be stopped.
 * A picture that takes too long costs its worker and nothing else. WebAssembly memory only grows, so a worker that had a
 * large picture, or nothing to do for a while, is let go.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RawImage } from './bicubic.js';
import type { HeicReply, HeicRequest } from './heic-worker.js';

/** A picture of 48 megapixels takes some five seconds on a slow core. */
const LIMIT_MS = 60_000;
const IDLE_MS = 10_000;
/** Beyond this many pixels a worker is not kept. */
const LARGE = 16_000_000;
const WORKERS = Math.min(2, availableParallelism());
/** Four bytes a pixel inside the decoder and again outside: what two workers may take must fit beside everything else. */
export const MAX_HEIC_PIXELS = 100_000_000;

interface Job extends HeicRequest {
  readonly resolve: (image: RawImage) => void;
  readonly reject: (reason: Error) => void;
}

export class HeicDecoder {
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  #workers = 0;

  /** Upright, four channels. @throws Error, where it cannot be decoded or takes longer than a minute */
  decode(bytes: Uint8Array, maxPixels: number): Promise<RawImage> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, maxPixels, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? this.#start();
    const job = worker && this.#waiting.shift();
    if (worker && job) void this.#run(worker, job);
  }

  #start(): Worker | undefined {
    if (this.#workers >= WORKERS) return undefined;
    this.#workers++;
    return new Worker(new URL('./heic-worker.js', import.meta.url));
  }

  async #run(worker: Worker, { bytes, maxPixels, resolve, reject }: Job): Promise<void> {
    // Somebody waits: the process stays for it.
    worker.ref();
    const reply = await answerOf(worker, { bytes, maxPixels });
    const keeps = 'pixels' in reply && reply.width * reply.height <= LARGE;
    if (keeps) this.#rest(worker);
    else this.#end(worker);
    if ('error' in reply) reject(new Error(reply.error));
    else resolve({ ...reply, channels: 4 });
    this.#next();
  }

  #rest(worker: Worker): void {
    worker.unref();
    this.#idle.push(worker);
    setTimeout(() => {
      const at = this.#idle.indexOf(worker);
      if (at < 0) return;
      this.#idle.splice(at, 1);
      this.#end(worker);
    }, IDLE_MS).unref();
  }

  #end(worker: Worker): void {
    this.#workers--;
    void worker.terminate();
  }
}

/** What a worker says to a request, whatever becomes of it. */
function answerOf(worker: Worker, request: HeicRequest): Promise<HeicReply> {
  return new Promise((resolve) => {
    const settle = (reply: HeicReply): void => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', onError).off('exit', onExit);
      resolve(reply);
    };
    const onError = (error: Error): void => settle({ error: error.message });
    const onExit = (): void => settle({ error: 'its decoder stopped' });
    const timer = setTimeout(() => settle({ error: `it took longer than ${LIMIT_MS / 1000} s` }), LIMIT_MS);
    worker.on('message', settle).on('error', onError).on('exit', onExit);
    worker.postMessage(request);
  });
}
