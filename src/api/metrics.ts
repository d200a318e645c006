/**
 * What Prometheus may ask. Where something takes its time is a histogram; what stands somewhere is read when it is asked for.
 */
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ITEM_KINDS } from '../core/item.js';
import type { SearchTiming } from '../core/query.js';
import type { SearchEngine } from '../engine/mod.js';
import type { Admission } from './admission.js';

/** Seconds: from a cached query to a large upload. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STAGES = ['encode', 'search', 'rerank', 'total'] as const;

export class Metrics {
  readonly #registry = new Registry();
  readonly #stages: Histogram<'stage'>;
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #repeated: Counter;

  constructor(engine: SearchEngine, queues: Readonly<Record<string, Admission>>) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'sightline_' });
    this.#stages = new Histogram({
      name: 'sightline_search_seconds',
      help: 'What searches take, by stage.',
      labelNames: ['stage'],
      buckets: BUCKETS,
      registers,
    });
    this.#requests = new Histogram({
      name: 'sightline_http_request_seconds',
      help: 'What requests take, by route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.#repeated = new Counter({
      name: 'sightline_searches_repeated_total',
      help: 'Searches that were answered from memory.',
      registers,
    });
    this.#observeQueues(queues);
    this.#observeLibrary(engine);
  }

  readonly contentType: string = this.#registry.contentType;

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** @param repeated whether the answer was given before */
  searched(timing: SearchTiming, repeated = false): void {
    if (repeated) this.#repeated.inc();
    for (const stage of STAGES) this.#stages.observe({ stage }, timing[stage] / 1000);
  }

  /** Counts a request by the route it took; addresses that lead nowhere are one. */
  readonly timed: RequestHandler = (request, response, next) => {
    const start = performance.now();
    response.once('close', () => {
      const route: unknown = (request.route as { readonly path?: unknown } | undefined)?.path;
      const labels = { method: request.method, status: response.statusCode };
      const seconds = (performance.now() - start) / 1000;
      this.#requests.observe({ ...labels, route: typeof route === 'string' ? route : 'other' }, seconds);
    });
    next();
  };

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect: (set: (value: number, labels?: Partial<Record<Label, string>>) => void) => void,
  ): void {
    const gauge = new Gauge<Label>({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        collect((value, labels) => this.set((labels ?? {}) as Record<Label, string>, value));
      },
    });
    this.#registry.registerMetric(gauge);
  }

  #observeQueues(queues: Readonly<Record<string, Admission>>): void {
    const each = Object.entries(queues);
    this.#gauge('sightline_queue_running', 'Requests that are worked on.', ['queue'], (set) => {
      for (const [queue, { state }] of each) set(state.running, { queue });
    });
    this.#gauge('sightline_queue_waiting', 'Requests that wait for their turn.', ['queue'], (set) => {
      for (const [queue, { state }] of each) set(state.waiting, { queue });
    });
    const refused = new Counter({
      name: 'sightline_queue_refused_total',
      help: 'Requests that were told to come back.',
      labelNames: ['queue'],
      registers: [],
      collect() {
        this.reset();
        for (const [queue, { state }] of each) this.inc({ queue }, state.refused);
      },
    });
    this.#registry.registerMetric(refused);
  }

  #observeLibrary(engine: SearchEngine): void {
    const each = (
      name: string,
      help: string,
      value: (library: ReturnType<SearchEngine['status']>['library'], kind: 'photo' | 'caption') => number,
    ): void =>
      this.#gauge(name, help, ['kind'], (set) => {
        const { library } = engine.status();
        for (const kind of ITEM_KINDS) set(value(library, kind), { kind });
      });
    each('sightline_items', 'Items in the catalog.', ({ items }, kind) => items[kind]);
    each(
      'sightline_index_vectors',
      'Vectors that a search looks at.',
      ({ indexes }, kind) => indexes[kind].size,
    );
    each('sightline_index_drift', 'Items that the index lacks or has too many.', ({ items, indexes }, kind) =>
      Math.abs(items[kind] - indexes[kind].size),
    );
    each(
      'sightline_index_tombstones',
      'Vectors that are marked as removed.',
      ({ indexes }, kind) => indexes[kind].tombstones,
    );
    each(
      'sightline_index_fresh',
      'Vectors that are compared one by one until the graph has them.',
      ({ indexes }, kind) => indexes[kind].fresh,
    );
    this.#observeAudits(engine);
    this.#observeFreshness(engine);
    this.#gauge('sightline_failed_files', 'Files that could not be read.', [], (set) =>
      set(engine.status().library.failed),
    );
    this.#gauge('sightline_ingest_running', '1 while photos are read.', [], (set) =>
      set(engine.status().ingest.running ? 1 : 0),
    );
    this.#gauge(
      'sightline_ingest_waiting',
      'Files that the ingest under way has still to read.',
      [],
      (set) => {
        const { total, done } = engine.status().ingest;
        set(total === null ? 0 : Math.max(0, total - done));
      },
    );
  }

  /** Nothing is told before it was measured. */
  #observeAudits({ audits }: SearchEngine): void {
    const name = 'sightline_index_recall';
    this.#gauge(name, 'Share of the ten truly nearest that the last audit found.', ['kind'], (set) => {
      for (const { kind, recallAfter } of audits.last) set(recallAfter, { kind });
    });
    this.#gauge('sightline_index_audit_timestamp_seconds', 'When that was measured.', [], (set) => {
      if (audits.measuredAt) set(audits.measuredAt.getTime() / 1000);
    });
  }

  #observeFreshness(engine: SearchEngine): void {
    this.#gauge(
      'sightline_watched_folders',
      'Watched folders, by how they are followed.',
      ['mode'],
      (set) => {
        const modes = { events: 0, polling: 0, failing: 0 };
        for (const { mode, problem } of engine.status().watched) modes[problem === null ? mode : 'failing']++;
        for (const [mode, count] of Object.entries(modes)) set(count, { mode });
      },
    );
    this.#gauge('sightline_pending_files', 'Files that wait to be looked at or ingested.', [], (set) =>
      set(engine.freshness().pending),
    );
    const name = 'sightline_staleness_seconds';
    const help = 'Since the watched folder that waits longest was compared from end to end.';
    this.#gauge(name, help, [], (set) => {
      const { lastReconciled } = engine.freshness();
      if (lastReconciled) set((Date.now() - lastReconciled.getTime()) / 1000);
    });
  }
}
