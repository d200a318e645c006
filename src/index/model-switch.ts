/**
 * The change of a library to another model. The new vectors are rows of their own beside the old ones, so that it may be
 * interrupted at any time and goes on where it was; queries use the old ones until every item has a new one. Then one
 * transaction exchanges the roles. The old vectors stay: the way back is the same change, with nothing left to embed.
 */
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../core/item.js';
import type { StoredEmbedding } from '../core/ports.js';
import type { Catalog } from './catalog/catalog.js';
import type { EmbeddingRows } from './catalog/embedding-rows.js';
import { buildGraph } from './graph-build.js';
import { type SpaceOptions, snapshotPlace, VectorSpace } from './vector-space.js';

export interface SwitchTarget {
  readonly modelId: string;
  /** What `--model` takes. */
  readonly name: string;
  readonly dimensions: number;
}

/** Smaller libraries are searched as quickly without a graph, for as long as it takes to build one. */
const WORTH_A_GRAPH = 2000;

export class ModelSwitch {
  readonly modelId: string;
  readonly name: string;
  readonly #catalog: Catalog;
  readonly #rows: EmbeddingRows;
  readonly #options: SpaceOptions;

  constructor(catalog: Catalog, options: SpaceOptions, { modelId, name, dimensions }: SwitchTarget) {
    catalog.models.begin(modelId, name);
    this.#catalog = catalog;
    this.#options = { ...options, modelId, dimensions };
    this.modelId = modelId;
    this.name = name;
    this.#rows = catalog.embeddingsOf(modelId);
  }

  /** Items that lack a vector of the next model, by ascending id. */
  lacking(after: number, limit: number): Item[] {
    return this.#rows.lacking(after, limit).flatMap((id) => this.#catalog.item(id) ?? []);
  }

  /** How many items have one, of how many. */
  progress(): { done: number; total: number } {
    const counts = this.#catalog.counts();
    const total = counts.photo + counts.caption;
    return { done: total - this.#catalog.unembedded(this.modelId), total };
  }

  /** Makes vectors of the next model durable. */
  add(embeddings: readonly StoredEmbedding[]): void {
    this.#catalog.addEmbeddings(this.#rows, embeddings);
  }

  /** Whether every item has a vector of the next model, but for some that never will. */
  isComplete(leaving: readonly ItemId[]): boolean {
    return this.#rows.lacking(0, leaving.length + 1).every((id) => leaving.includes(id));
  }

  /** Builds the graphs of the next model in a thread. Worth while for large libraries, and never needed. */
  async buildGraphs(
    signal: AbortSignal,
    onProgress: (kind: ItemKind, done: number, total: number) => void,
  ): Promise<void> {
    const counts = this.#catalog.counts();
    for (const kind of ITEM_KINDS) {
      if (counts[kind] < WORTH_A_GRAPH) continue;
      const order = { catalogFile: this.#catalog.path, place: snapshotPlace(kind, this.#options) };
      await buildGraph(order, signal, ({ done, total }) => onProgress(kind, done, total));
    }
  }

  /** The indexes of the next model, complete as far as its rows are. */
  openSpace(): Promise<VectorSpace> {
    return VectorSpace.open(this.#catalog, this.#options);
  }
}
