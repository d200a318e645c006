/**
 * Hubs: photos that are near to captions whatever these say. In a space of many dimensions some points are the nearest neighbours of
 * far too many others (Radovanović et al. 2010, "Hubs in Space"), and they stand before the photo that was meant.
 *
 * How much of a hub a photo is, is its mean similarity to the K of the reference captions that it is nearest to. Half of that is
 * taken off its similarity to a query before the fused score is added: cross-domain similarity local scaling (Conneau et al.
 * 2018, "Word translation without parallel data"). What differs: there both sides are scaled, but what belongs to the query is the
 * same for all of its photos; and the captions that a photo is compared with are a fixed set, as in Bogolin et al. 2022
 * ("Cross modal retrieval with querybank normalisation"), because a library of photos has none of its own.
 */
import { dotAt } from '../../core/embedding.js';
import { LruCache } from '../../core/lru-cache.js';
import type { ItemId } from '../../core/item.js';
import { TopK } from '../../core/top-k.js';

/** How many of the nearest captions count. */
const NEAREST = 10;
const BYTES = 16 * 1024 * 1024;
/** A number, and its key's share of the map. */
const ENTRY_BYTES = 64;

export class Hubness {
  readonly #rows: Float32Array;
  readonly #known = new LruCache<number, ItemId>(BYTES, () => ENTRY_BYTES);

  /** @param rows embeddings of reference captions, one after the other */
  constructor(rows: Float32Array) {
    this.#rows = rows;
  }

  /** Of a picture's embedding: the mean cosine with its nearest reference captions. */
  of(embedding: Float32Array): number {
    const nearest = new TopK(NEAREST);
    const dimensions = embedding.length;
    for (let start = 0; start < this.#rows.length; start += dimensions)
      nearest.offer(start, dotAt(embedding, this.#rows, start));
    const best = nearest.sorted();
    return best.reduce((sum, { score }) => sum + score, 0) / Math.max(1, best.length);
  }

  /** Of an item, whose embedding is asked for once: it never changes. 0 where it has none. */
  ofItem(id: ItemId, embedding: (id: ItemId) => Float32Array | undefined): number {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const vector = embedding(id);
    if (vector === undefined) return 0;
    const found = this.of(vector);
    this.#known.set(id, found);
    return found;
  }
}
