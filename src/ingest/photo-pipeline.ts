/**
 * Photos on their way into the library: read → hash → decode run for several files at once beside the encoder, which
 * takes them in batches formed across files; each batch becomes durable in one transaction. There is one pipeline for
 * everything that brings photos, so that fresh files overtake a backfill and nothing is done twice:
 *
 * - a path is under way once; if it changes meanwhile, it comes again afterwards;
 * - a content is under way once; other paths with it wait for its row and cost no second decode or embedding.
 *
 * Every stage is bounded, and files and pixels in memory are bounded in bytes, so the memory of a run depends neither on
 * how many files there are nor on how large they are. Nothing is durable before its batch is committed, and a batch that
 * was not committed is simply done again: to stop is to stop anywhere.
 */
import { availableParallelism } from 'node:os';
import type {
  DualEncoder,
  FileState,
  ImageReader,
  IngestLibrary,
  LibraryChange,
  PhotoChange,
  PixelStore,
  ThumbnailStore,
} from '../core/ports.js';
import { MemoryGate } from './memory-gate.js';
import { Pace } from './pace.js';
import { scheduled } from './ledger.js';
import { Order, type OrderOptions, type Outcome } from './order.js';
import { isReady, type Prepared, preparePhoto, type ReadyPhoto } from './photo-preparation.js';
import { placeholderOf } from './placeholder.js';
import { ReadBuffers } from './read-buffers.js';
import { type Job, WorkQueue } from './work-queue.js';

export interface PhotoPorts {
  readonly library: IngestLibrary;
  readonly encoder: DualEncoder;
  readonly images: ImageReader;
  readonly thumbnails: ThumbnailStore;
  /** Absent where the model compares photos and texts by their embeddings alone. */
  readonly pixels?: PixelStore;
}

/** One more than there are cores: one waits for the disk while the others decode. */
const DECODERS = availableParallelism() + 1;
const BATCH = 16;
/** The encoder takes this many at once; fewer are worth its while only when no others come. */
const SMALL_BATCH = 4;
/** Batches under way: one in the encoder, one waiting for it. */
const BATCHES = 2;
/** Decoded pictures that may wait for the encoder. */
const WAITING = 2 * BATCH;
/** File bytes and pixels that may be in memory: one picture of 100 megapixels and some usual ones beside it. */
const BYTES_IN_FLIGHT = 400 * 1024 * 1024;

/** Milliseconds that an order waits for the encoder after it was interrupted; what is not durable then is done again. */
const DRAIN = 7000;

interface Entry {
  readonly job: Job;
  readonly prepared: Prepared;
}

export class PhotoPipeline {
  readonly #ports: PhotoPorts;
  readonly #onChange: () => void;
  readonly #queue = new WorkQueue();
  readonly #gate = new MemoryGate(BYTES_IN_FLIGHT);
  readonly #buffers = new ReadBuffers(DECODERS);
  readonly #pace: Pace = new Pace(() => this.#pump());
  readonly #orders = new Set<Order>();
  readonly #ready: Entry[] = [];
  /** Contents on their way to the library, with the paths that wait for each. */
  readonly #contents = new Map<string, Entry[]>();
  #preparing = 0;
  /** Preparing, but waiting for memory. */
  #atGate = 0;
  #embedding = 0;
  #embedded = 0;

  /** @param onChange told when files have come or are done */
  constructor(ports: PhotoPorts, onChange: () => void = () => {}) {
    this.#ports = ports;
    this.#onChange = onChange;
  }

  /** Files waiting or under way. */
  get pending(): number {
    return this.#queue.pending;
  }

  /** Pictures that went through the encoder since the pipeline was made. */
  get embedded(): number {
    return this.#embedded;
  }

  /** Whether a content is on its way: what is kept for it must stay although no row tells of it yet. */
  holds(contentHash: string): boolean {
    return this.#contents.has(contentHash);
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** Resolves when each of these distinct paths is dealt with or taken back. @throws what ended the run */
  async ingest(files: readonly FileState[], { priority, signal, onOutcome }: OrderOptions): Promise<void> {
    signal?.throwIfAborted();
    const order = new Order(files.length, onOutcome);
    this.#orders.add(order);
    let patience: NodeJS.Timeout | undefined;
    const withdraw = (): void => {
      order.less(this.#queue.withdraw(order) + this.#putBack(order));
      patience = setTimeout(() => order.less(Infinity), DRAIN);
    };
    signal?.addEventListener('abort', withdraw, { once: true });
    for (const file of files) this.#queue.add({ file, priority, orders: new Set([order]) });
    this.#pump();
    try {
      await order.done;
    } finally {
      clearTimeout(patience);
      signal?.removeEventListener('abort', withdraw);
      this.#orders.delete(order);
    }
  }

  /** Pictures that are ready but not in the encoder: nothing of them is durable. @returns how many files */
  #putBack(order: Order): number {
    const back = this.#ready.filter(({ job }) => job.orders.has(order) && job.orders.size === 1);
    for (const entry of back) {
      this.#ready.splice(this.#ready.indexOf(entry), 1);
      this.#queue.done(entry.job);
      if (isReady(entry.prepared)) this.#disclaim(entry.prepared.contentHash);
    }
    return back.length;
  }

  #pump(): void {
    const { decoders, batch } = this.#pace.measures({ decoders: DECODERS, batch: BATCH });
    while (
      this.#preparing - this.#atGate < decoders &&
      this.#preparing < DECODERS &&
      this.#ready.length + this.#preparing < WAITING &&
      this.#queue.waiting > 0 &&
      this.#pace.allows(this.#queue.hasFresh)
    ) {
      const job = this.#queue.take();
      if (job === undefined) break;
      this.#preparing++;
      void this.#prepare(job);
    }
    while (this.#embedding < BATCHES && this.#isBatchDue(batch)) {
      this.#embedding++;
      void this.#embed(this.#ready.splice(0, batch));
    }
  }

  /** A full batch is; a smaller one when the encoder has nothing to do, or no more is to come. */
  #isBatchDue(batch: number): boolean {
    const ready = this.#ready.length;
    if (ready >= batch) return true;
    if (this.#embedding > 0) return false;
    return ready >= SMALL_BATCH || (ready > 0 && this.#preparing === this.#atGate);
  }

  async #prepare(job: Job): Promise<void> {
    let claimed: string | undefined;
    try {
      const prepared = await preparePhoto(job.file, {
        library: this.#ports.library,
        images: this.#ports.images,
        isKnown: (hash) => {
          if (this.#ports.library.has('photo', hash) || this.#contents.has(hash)) return true;
          this.#contents.set(hash, []);
          claimed = hash;
          return false;
        },
        admit: (bytes) => this.#admit(bytes),
        buffers: this.#buffers,
      });
      const entry = { job, prepared };
      const isCopy = !isReady(prepared) && prepared.type === 'photo';
      const sameContent = isCopy ? this.#contents.get(prepared.contentHash) : undefined;
      if (sameContent) sameContent.push(entry);
      else this.#ready.push(entry);
      if (claimed !== undefined && !isReady(prepared)) this.#disclaim(claimed);
    } catch (error) {
      if (claimed !== undefined) this.#disclaim(claimed);
      this.#end(job, error);
    } finally {
      this.#preparing--;
      this.#pump();
    }
  }

  async #admit(bytes: number): Promise<() => void> {
    this.#atGate++;
    const entered = this.#gate.enter(bytes);
    this.#pump();
    try {
      return await entered;
    } finally {
      this.#atGate--;
    }
  }

  /** A content that could not be decoded: paths that waited for it are read by themselves, and fail by themselves. */
  #disclaim(hash: string): void {
    const waited = this.#contents.get(hash) ?? [];
    this.#contents.delete(hash);
    for (const { job } of waited) {
      this.#queue.done(job);
      this.#queue.add(job);
    }
  }

  async #embed(batch: readonly Entry[]): Promise<void> {
    const ready = batch.map(({ prepared }) => prepared).filter(isReady);
    const entries = [...batch];
    try {
      const { encoder, thumbnails, pixels } = this.#ports;
      const [embeddings] = await Promise.all([
        ready.length === 0
          ? []
          : encoder.embedImages(
              ready.map(({ image }) => image.pixels),
              { background: true },
            ),
        // Before the rows: a photo that can be found has its preview.
        ...ready.map(
          ({ contentHash: hash, image }) => image.thumbnail && thumbnails.write(hash, image.thumbnail),
        ),
        ...ready.map(({ contentHash: hash, image }) => pixels?.write(hash, image.pixels)),
      ]);
      this.#embedded += ready.length;
      const embedded = new Map(ready.map((photo, i) => [photo as Prepared, embeddings[i]]));
      // Paths that came for one of these contents stand behind it in the same transaction.
      entries.push(...this.#release(ready));
      this.#commit(entries, embedded);
    } catch (error) {
      entries.push(...this.#release(ready));
      for (const { job } of entries) this.#end(job, error);
    } finally {
      this.#embedding--;
      this.#pump();
    }
  }

  /** These contents are no longer under way. @returns the paths that waited for them */
  #release(photos: readonly ReadyPhoto[]): Entry[] {
    return photos.flatMap(({ contentHash: hash }) => {
      const waited = this.#contents.get(hash) ?? [];
      this.#contents.delete(hash);
      return waited;
    });
  }

  #commit(entries: readonly Entry[], embedded: ReadonlyMap<Prepared, Float32Array | undefined>): void {
    const { library } = this.#ports;
    const changes = entries.map(({ prepared }) => {
      if (isReady(prepared)) return photoChange(prepared, embedded.get(prepared) as Float32Array);
      return prepared.type === 'failure' ? scheduled(prepared, library) : prepared;
    });
    library.commit(changes.filter((change) => !isAboutNothing(change, library)));
    for (const [i, { job, prepared }] of entries.entries()) {
      this.#queue.done(job);
      const outcome: Outcome = { change: changes[i] as LibraryChange, added: isReady(prepared) ? 1 : 0 };
      for (const order of job.orders as ReadonlySet<Order>) {
        order.onOutcome(outcome);
        order.less(1);
      }
    }
    this.#onChange();
  }

  /** What concerns everything and not one file ends every order; their files are withdrawn. */
  #end(job: Job, error: unknown): void {
    this.#queue.done(job);
    for (const order of this.#orders) {
      this.#queue.withdraw(order);
      order.fail(error);
    }
  }
}

function photoChange(ready: ReadyPhoto, embedding: Float32Array): PhotoChange {
  const { file, contentHash, image, metadata, sidecars } = ready;
  const { width, height, format, pixels } = image;
  const placeholder = placeholderOf(pixels, width, height);
  const photo = { width, height, format, metadata, placeholder, embedding };
  return { type: 'photo', file, contentHash, sidecars, photo };
}

/** A file that was gone before it was ever in the library leaves no trace in it. */
function isAboutNothing(change: LibraryChange, library: IngestLibrary): boolean {
  return (
    change.type === 'failure' &&
    change.code === 'ERR_PATH_NOT_FOUND' &&
    library.files.many([change.file.path]).size === 0
  );
}
