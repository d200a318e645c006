import type { IngestProgress, PhotoPipeline } from '../ingest/mod.js';

/** Where the ingest stands, for people who watch it. */
export interface IngestStatus {
  readonly running: boolean;
  readonly phase: IngestProgress['phase'] | null;
  /** Somebody asked it to rest; what waits goes on waiting. */
  readonly paused: boolean;
  /** Files and captions that are dealt with, those of earlier runs included. */
  readonly done: number;
  /** How many there are; null while they are counted. */
  readonly total: number | null;
  readonly failed: number;
  /** Files that wait in the queue or are under way. */
  readonly pending: number;
  /** Pictures that were encoded since the library was opened. */
  readonly embedded: number;
  /** Files and captions a second since the embedding began; null before anything can be said. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
}

type Run = Pick<IngestStatus, 'phase' | 'done' | 'total' | 'failed' | 'rate' | 'secondsLeft'>;

const STARTED: Run = {
  phase: 'scanning',
  done: 0,
  total: null,
  failed: 0,
  rate: null,
  secondsLeft: null,
};

/** Turns progress into rate and time left. */
export class IngestMeter {
  readonly #pipeline: PhotoPipeline;
  readonly #known: () => number;
  #run: Run | undefined;
  #failed = 0;
  #embeddingSince: number | undefined;

  /** @param known counts the files that the library knows */
  constructor(pipeline: PhotoPipeline, known: () => number) {
    this.#pipeline = pipeline;
    this.#known = known;
  }

  get status(): IngestStatus {
    const { pending, embedded, pace } = this.#pipeline;
    const shared = { paused: pace.isPaused, pending, embedded };
    if (this.#run) return { running: true, ...shared, ...this.#run };
    const done = this.#known();
    const rest = { phase: null, failed: this.#failed, rate: null, secondsLeft: null };
    return { running: pending > 0, ...shared, ...rest, done, total: done + pending };
  }

  start(): void {
    this.#embeddingSince = undefined;
    this.#run = STARTED;
  }

  update({ phase, done, before, total, failed }: IngestProgress): void {
    if (phase === 'embedding') this.#embeddingSince ??= performance.now();
    const seconds =
      this.#embeddingSince === undefined ? 0 : (performance.now() - this.#embeddingSince) / 1000;
    const rate = done > before && seconds > 0 ? (done - before) / seconds : null;
    const secondsLeft = rate === null || total === null ? null : (total - done) / rate;
    this.#run = { phase, done, total, failed, rate, secondsLeft };
  }

  stop(): void {
    this.#failed = this.#run?.failed ?? 0;
    this.#run = undefined;
  }
}
