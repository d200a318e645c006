/**
 * A library changes to another model: every photo and caption is embedded again while the old vectors answer, and the new
 * ones take over when none is missing. What was embedded is durable batch by batch, so a change that was interrupted goes
 * on where it was. The pixels come from the store where the new model reads pictures of the same size, and otherwise from
 * the originals, which are compared with what was ingested before anything is made from them.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import pMap from 'p-map';
import { asSightlineError } from '../core/errors.js';
import type { Item, ItemId, Photo } from '../core/item.js';
import type { StoredEmbedding } from '../core/ports.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library, ModelSwitch } from '../index/mod.js';
import { contentHash, type PixelFolder } from '../ingest/mod.js';
import { originalBytes } from './original-file.js';

export interface ModelChangeProgress {
  readonly stage: 'embedding' | 'indexing';
  readonly done: number;
  readonly total: number;
}

export interface ModelChangeRequest {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelChangeProgress) => void) | undefined;
  /** Changes although some files cannot be read: their photos are not found until they are ingested again. */
  readonly leaveUnreadable?: boolean | undefined;
}

export interface ModelChangeReport {
  readonly id: string;
  readonly name: string;
  /** Items that were embedded in this run. */
  readonly embedded: number;
  /** Photos whose files are gone or have another content. */
  readonly unreadable: readonly string[];
  /** Whether queries use the new model now. */
  readonly changed: boolean;
  readonly interrupted: boolean;
}

export interface ModelChangeParts {
  readonly library: Library;
  readonly change: ModelSwitch;
  /** Of the new model. */
  readonly encoder: Encoder;
  /** Pixels of the size that the new model reads. */
  readonly pixels: PixelFolder;
}

const BATCH = 16;

interface Pass {
  readonly embedded: number;
  readonly unreadable: readonly Photo[];
}

async function pixelsOf(
  photo: Photo,
  { library, encoder, pixels }: ModelChangeParts,
): Promise<Uint8Array | undefined> {
  const kept = await pixels.read(photo.contentHash);
  if (kept) return kept;
  for (const path of library.files.of(photo.id)) {
    try {
      const bytes = photo.second === null ? await readFile(path) : await originalBytes(photo);
      if (photo.second === null && contentHash(bytes) !== photo.contentHash) continue;
      const image = await encoder.images.read(bytes);
      await pixels.write(photo.contentHash, image.pixels);
      return image.pixels;
    } catch (error) {
      // One path may be gone while another leads to the same content; a full disk concerns all of them.
      if (asSightlineError(error).code === 'ERR_DISK_FULL') throw error;
    }
  }
  return undefined;
}

const paired = (items: readonly Item[], vectors: readonly Float32Array[]): StoredEmbedding[] =>
  items.map(({ id }, place) => ({ id, vector: vectors[place] as Float32Array }));

async function embedBatch(
  items: readonly Item[],
  parts: ModelChangeParts,
): Promise<{ embeddings: StoredEmbedding[]; unreadable: Photo[] }> {
  const { dual } = parts.encoder;
  const photos = items.filter((item) => item.kind === 'photo');
  const captions = items.filter((item) => item.kind === 'caption');
  const read = await pMap(photos, (photo) => pixelsOf(photo, parts), {
    concurrency: availableParallelism() + 1,
  });
  const readable = photos.filter((_, place) => read[place] !== undefined);
  const pictures = read.filter((one) => one !== undefined);
  const sentences = captions.map(({ text }) => text);
  const background = true;
  const images = pictures.length === 0 ? [] : await dual.embedImages(pictures, { background });
  const texts = sentences.length === 0 ? [] : (await dual.embedTexts(sentences, { background })).embeddings;
  return {
    embeddings: [...paired(readable, images), ...paired(captions, texts)],
    unreadable: photos.filter((_, place) => read[place] === undefined),
  };
}

/** Embeds what lacks a vector of the new model, once over. */
async function pass(parts: ModelChangeParts, { signal, onProgress }: ModelChangeRequest): Promise<Pass> {
  const unreadable: Photo[] = [];
  let embedded = 0;
  const before = parts.change.progress();
  for (let after = 0; ; ) {
    const items = signal?.aborted ? [] : parts.change.lacking(after, BATCH);
    if (items.length === 0) break;
    const batch = await embedBatch(items, parts);
    parts.change.add(batch.embeddings);
    embedded += batch.embeddings.length;
    unreadable.push(...batch.unreadable);
    onProgress?.({ stage: 'embedding', done: before.done + embedded, total: before.total });
    after = (items.at(-1) as { id: ItemId }).id;
  }
  return { embedded, unreadable };
}

/**
 * @param complete exchanges the models unless items came in the meantime, which it tells by `false`
 * @throws ERR_DISK_FULL, ERR_ENCODER_FAILED; what was embedded until then is kept
 */
export async function changeModel(
  parts: ModelChangeParts,
  request: ModelChangeRequest,
  complete: (leaving: readonly ItemId[]) => Promise<boolean>,
): Promise<ModelChangeReport> {
  const { change } = parts;
  const { signal, onProgress, leaveUnreadable = false } = request;
  let embedded = 0;
  const report = (unreadable: readonly Photo[], changed: boolean): ModelChangeReport => ({
    id: change.modelId,
    name: change.name,
    embedded,
    unreadable: unreadable.map(({ path }) => path),
    changed,
    interrupted: signal?.aborted ?? false,
  });
  for (let isBuilt = false; ; isBuilt = true) {
    const done = await pass(parts, request);
    embedded += done.embedded;
    if (signal?.aborted || (done.unreadable.length > 0 && !leaveUnreadable))
      return report(done.unreadable, false);
    // Once: what comes meanwhile lies beside the graph.
    try {
      if (!isBuilt)
        await change.buildGraphs(signal ?? new AbortController().signal, (_kind, built, total) =>
          onProgress?.({ stage: 'indexing', done: built, total }),
        );
    } catch (error) {
      // The graph is a cache: whatever keeps it from being built does not keep the vectors from being right.
      if (signal?.aborted) return report(done.unreadable, false);
      if (asSightlineError(error).code === 'ERR_DISK_FULL') throw error;
    }
    if (await complete(done.unreadable.map(({ id }) => id))) return report(done.unreadable, true);
  }
}
