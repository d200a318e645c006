import { availableParallelism } from 'node:os';
import { SightlineError } from '../../core/errors.js';
import type {
  Inspection,
  RunSuccess,
  Tensors,
  WorkerErrand,
  WorkerReply,
  WorkerRequest,
  WorkerSettings,
} from './messages.js';
import type { Provider } from '../../core/provider.js';
import { type Isolation, openSessionLine, type SessionLine } from './session-line.js';

/** `query` runs before `batch`: someone waits for it. `background` runs when neither is asked for. */
export type Urgency = 'query' | 'batch' | 'background';

/** How long the sessions of a model that nobody uses stay in memory. */
const IDLE_MS = 15 * 60_000;

/** After that the worker lets its sessions go, and then goes itself: with it goes memory that the allocator would keep. */
const GRACE_MS = 500;

export interface SessionOptions {
  /** 0: for ever. Default: a quarter of an hour. */
  readonly idleMs?: number | undefined;
  /** Default: the CPU. */
  readonly provider?: Provider | undefined;
  /** Runs on the CPU where the provider cannot be had (any more), instead of failing. Default false. */
  readonly fallBack?: boolean | undefined;
  /** Lets other threads go first. Default false. */
  readonly lowPriority?: boolean | undefined;
  /** Default: a thread. */
  readonly isolation?: Isolation | undefined;
}

type Answer = Exclude<WorkerReply, { readonly error: string }>;

interface Job {
  readonly errand: WorkerErrand;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The main thread's side of the session worker. Runs are handed over one or two at a time, so that a query that comes
 * while a folder is being ingested waits for the batch in hand and not for all that are queued.
 */
export class SessionHost {
  /** One running, one waiting in the worker: no gap between them, and little to wait for. */
  static readonly #inFlight = 2;

  readonly #settings: WorkerSettings;
  readonly #isolation: Isolation;
  readonly #queues: Record<Urgency, Job[]> = { query: [], batch: [], background: [] };
  readonly #running = new Map<number, Job>();
  #line: SessionLine | undefined;
  #nextId = 0;
  #retirement: NodeJS.Timeout | undefined;
  #closed = false;
  /** Told when nothing runs any more. */
  #onIdle: () => void = () => {};

  constructor(threads: number = availableParallelism(), options: SessionOptions = {}) {
    const { idleMs = IDLE_MS, provider = 'cpu', isolation = 'thread' } = options;
    const { fallBack = false, lowPriority = false } = options;
    this.#settings = { threads, idleMs, provider, fallBack, lowPriority };
    this.#isolation = isolation;
  }

  /** Whether there is a worker: from the first request on, until nothing was asked for a while. */
  get awake(): boolean {
    return this.#line !== undefined;
  }

  /** @throws ERR_ENCODER_FAILED if the graph cannot be loaded or run, ERR_ENGINE_CLOSED after `close` */
  async run(graph: string, feeds: Tensors, urgency: Urgency): Promise<Tensors> {
    const answer = await this.#submit({ graph, feeds }, urgency);
    return (answer as RunSuccess).outputs;
  }

  /** What the worker holds. @throws ERR_ENCODER_FAILED, ERR_ENGINE_CLOSED */
  async inspect(): Promise<Inspection> {
    const answer = await this.#submit({ inspect: true }, 'query');
    return (answer as { readonly inspection: Inspection }).inspection;
  }

  /** Refuses what waits at once, and returns when the run in hand has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retirement);
    const line = this.#line;
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
    const underWay = [...this.#running];
    this.#fail(new SightlineError('ERR_ENGINE_CLOSED', 'The encoder was closed while this was waiting.'));
    if (line && underWay.length > 0 && this.#isolation === 'thread') {
      // A thread that is ended inside a run takes the whole program with it.
      for (const [id, job] of underWay) this.#running.set(id, job);
      await idle;
    }
    await line?.end();
  }

  #submit(errand: WorkerErrand, urgency: Urgency): Promise<Answer> {
    if (this.#closed)
      return Promise.reject(new SightlineError('ERR_ENGINE_CLOSED', 'The encoder is closed.'));
    clearTimeout(this.#retirement);
    return new Promise((resolve, reject) => {
      this.#queues[urgency].push({ errand, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#running.size < SessionHost.#inFlight) {
      const { query, batch, background } = this.#queues;
      const job = query.shift() ?? batch.shift() ?? background.shift();
      if (job === undefined) return;
      const id = this.#nextId++;
      this.#running.set(id, job);
      const line = (this.#line ??= this.#start());
      line.hold(true);
      const request: WorkerRequest = { id, errand: job.errand };
      line.send(request);
    }
  }

  #start(): SessionLine {
    const line = openSessionLine(this.#isolation, this.#settings, {
      onReply: (reply) => this.#settle(reply),
      onStop: (error) => {
        this.#onIdle();
        if (line !== this.#line) return;
        const message = `The encoder's ${this.#isolation} stopped: ${error.message}. The next request starts it again.`;
        this.#fail(new SightlineError('ERR_ENCODER_FAILED', message, { cause: error }));
      },
    });
    return line;
  }

  #settle(reply: WorkerReply): void {
    const job = this.#running.get(reply.id);
    this.#running.delete(reply.id);
    if ('error' in reply) {
      const graph = job && 'graph' in job.errand ? job.errand.graph : 'A graph';
      job?.reject(new SightlineError('ERR_ENCODER_FAILED', `${graph} could not be run: ${reply.error}`));
    } else {
      job?.resolve(reply);
    }
    this.#dispatch();
    // An idle encoder must not keep a finished program alive.
    if (this.#running.size > 0) return;
    this.#rest();
    this.#onIdle();
  }

  /** Nothing is asked for now. The next request starts a new worker where this one has gone. */
  #rest(): void {
    this.#line?.hold(false);
    const { idleMs } = this.#settings;
    if (idleMs === 0 || this.#closed) return;
    this.#retirement = setTimeout(() => {
      const line = this.#line;
      this.#line = undefined;
      void line?.end();
    }, idleMs + GRACE_MS);
    this.#retirement.unref();
  }

  #fail(error: SightlineError): void {
    const queues = Object.values(this.#queues);
    const jobs = [...this.#running.values(), ...queues.flat()];
    this.#running.clear();
    for (const queue of queues) queue.length = 0;
    this.#line = undefined;
    for (const job of jobs) job.reject(error);
  }
}
