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
    this.#observeQueues(queues);
    this.#observeLibrary(engine);
  }

  readonly contentType: string = this.#registry.contentType;

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  searched(timing: SearchTiming): void {
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
}
