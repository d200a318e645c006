import { byKind, type ItemKind } from '../core/item.js';
import type { Log } from '../core/log.js';
import type { Catalog } from './catalog/catalog.js';
import type { CatalogDelta } from './catalog/catalog-writer.js';
import { DEFAULT_HNSW, type HnswParameters } from './hnsw-index.js';
import { IndexKeeper, REBUILD_LIMITS, type RebuildLimits } from './index-keeper.js';
import { type SnapshotPlace, vectorFolder } from './snapshot.js';

export interface SpaceOptions {
  /** Where the graphs of all models lie. */
  readonly vectors: string;
  readonly modelId: string;
  readonly dimensions: number;
  readonly readOnly: boolean;
  readonly log: Log;
  readonly hnsw?: Partial<HnswParameters> | undefined;
  readonly limits?: Partial<RebuildLimits> | undefined;
  readonly onRebuild?: ((kind: ItemKind, done: number, total: number) => void) | undefined;
}

export function snapshotPlace(kind: ItemKind, options: SpaceOptions): SnapshotPlace {
  const { vectors, modelId, dimensions, hnsw } = options;
  const parameters = { ...DEFAULT_HNSW, ...hnsw };
  return { folder: vectorFolder(vectors, modelId), kind, model: modelId, dimensions, parameters };
}

/** The indexes of one model, one for each kind of item. Vectors of two models never meet: each has a space of its own. */
export class VectorSpace {
  readonly modelId: string;
  readonly dimensions: number;
  readonly #keepers: Record<ItemKind, IndexKeeper>;

  private constructor(options: SpaceOptions, keepers: Record<ItemKind, IndexKeeper>) {
    this.modelId = options.modelId;
    this.dimensions = options.dimensions;
    this.#keepers = keepers;
  }

  static async open(catalog: Catalog, options: SpaceOptions): Promise<VectorSpace> {
    const { modelId, readOnly, limits, log, onRebuild } = options;
    const open = (kind: ItemKind): Promise<IndexKeeper> =>
      IndexKeeper.open({
        catalog,
        rows: catalog.embeddingsOf(modelId),
        place: snapshotPlace(kind, options),
        readOnly,
        limits: { ...REBUILD_LIMITS, ...limits },
        log,
        onRebuild: ({ done, total }) => onRebuild?.(kind, done, total),
      });
    const keepers = { photo: await open('photo'), caption: await open('caption') };
    const beams = catalog.beams();
    for (const kind of ['photo', 'caption'] as const) {
      const keeper = keepers[kind];
      keeper.efSearch = Math.max(keeper.efSearch, beams[kind] ?? 0);
    }
    return new VectorSpace(options, keepers);
  }

  of(kind: ItemKind): IndexKeeper {
    return this.#keepers[kind];
  }

  each<T>(value: (keeper: IndexKeeper, kind: ItemKind) => T): Record<ItemKind, T> {
    return byKind((kind) => value(this.#keepers[kind], kind));
  }

  /** What a change of the catalog means for the indexes. */
  follow({ added, removed }: CatalogDelta): void {
    for (const { kind, id } of removed) this.#keepers[kind].remove(id);
    for (const { kind, id, vector } of added) this.#keepers[kind].add(id, vector);
    this.tend();
  }

  tend(): void {
    this.each((keeper) => keeper.tend());
  }

  async save(): Promise<void> {
    for (const keeper of Object.values(this.#keepers)) await keeper.save();
  }

  /** Lets go of everything and writes nothing: for indexes that nobody uses any more. */
  async discard(): Promise<void> {
    for (const keeper of Object.values(this.#keepers)) await keeper.discard();
  }

  async close(): Promise<void> {
    for (const keeper of Object.values(this.#keepers)) await keeper.close();
  }
}
