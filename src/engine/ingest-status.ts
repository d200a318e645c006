import type { IngestProgress } from '../ingest/mod.js';

/** Where the ingest stands, for people who watch it. */
export interface IngestStatus {
  readonly running: boolean;
  readonly phase: IngestProgress['phase'] | null;
  readonly done: number;
  readonly total: number | null;
  readonly failed: number;
  /** Files and captions a second since the embedding began; null before anything can be said. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
}

const IDLE: IngestStatus = {
  running: false,
  phase: null,
  done: 0,
  total: null,
  failed: 0,
  rate: null,
  secondsLeft: null,
};

/** Turns progress into rate and time left. */
export class IngestMeter {
  #status: IngestStatus = IDLE;
  #embeddingSince: number | undefined;

  get status(): IngestStatus {
    return this.#status;
  }

  start(): void {
    this.#embeddingSince = undefined;
    this.#status = { ...IDLE, running: true, phase: 'scanning' };
  }

  update({ phase, done, before, total, failed }: IngestProgress): IngestStatus {
    if (phase === 'embedding') this.#embeddingSince ??= performance.now();
    const seconds =
      this.#embeddingSince === undefined ? 0 : (performance.now() - this.#embeddingSince) / 1000;
    const rate = done > before && seconds > 0 ? (done - before) / seconds : null;
    const secondsLeft = rate === null || total === null ? null : (total - done) / rate;
    this.#status = { running: true, phase, done, total, failed, rate, secondsLeft };
    return this.#status;
  }

  stop(): void {
    this.#status = { ...this.#status, running: false, phase: null, secondsLeft: null };
  }
}
