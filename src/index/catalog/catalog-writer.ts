import { SightlineError } from '../../core/errors.js';
import { framePath, secondOfHash } from '../../core/frame-path.js';
import { ITEM_KINDS, type ItemId, type ItemKind } from '../../core/item.js';
import type { PhotoMetadata } from '../../core/photo-metadata.js';
import type {
  CaptionsChange,
  CollectionReadChange,
  FailureChange,
  FileState,
  FramesChange,
  LibraryChange,
  MetadataChange,
  PhotoChange,
} from '../../core/ports.js';
import type { Database, Statement } from './database.js';
import type { EmbeddingRows } from './embedding-rows.js';
import { MetadataWriter } from './metadata-rows.js';
import { PathLinks } from './path-links.js';
import { WordsWriter } from './words-writer.js';

/** What a change means for the vector indexes. */
export interface CatalogDelta {
  readonly added: readonly { readonly kind: ItemKind; readonly id: ItemId; readonly vector: Float32Array }[];
  readonly removed: readonly { readonly kind: ItemKind; readonly id: ItemId }[];
}

interface ItemFields {
  readonly kind: ItemKind;
  readonly contentHash: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly format: string | null;
  readonly bytes: number | null;
  readonly text: string | null;
  readonly placeholder?: Uint8Array | undefined;
  readonly addedAt?: Date | undefined;
}

type ItemRow = [
  kind: ItemKind,
  contentHash: string,
  width: number | null,
  height: number | null,
  format: string | null,
  bytes: number | null,
  text: string | null,
  placeholder: Uint8Array | null,
  second: number | null,
  addedAt: number,
];

const NO_PICTURE = { width: null, height: null, format: null, bytes: null } as const;

/**
 * The writing half of the catalog. An item lives as long as a path leads to it: whatever takes a path away from an item
 * notes it as possibly orphaned, and the end of the transaction removes those that are. A file that was renamed has its
 * new path by then, and keeps its item and embedding.
 */
export class CatalogWriter {
  readonly #database: Database;
  readonly #rows: EmbeddingRows;
  readonly #metadata: MetadataWriter;
  readonly #paths: PathLinks;
  readonly #words: WordsWriter;
  readonly #itemByHash: Statement<[string, string], { id: ItemId }>;
  readonly #insertItem: Statement<ItemRow>;
  readonly #mention: Statement<[string, number], { item_id: ItemId }>;
  readonly #upsertMention: Statement<[string, number, number, string | null]>;
  readonly #count: Statement<[number, ItemKind]>;
  readonly #deleteOrphan: Statement<[{ id: ItemId }], { kind: ItemKind }>;
  readonly #advance: Statement<[]>;

  #added: CatalogDelta['added'][number][] = [];
  #perhapsOrphaned = new Set<ItemId>();
  /** Items whose words are to be read again. */
  #stale = new Set<ItemId>();
  #inserted: Record<ItemKind, number> = { photo: 0, caption: 0 };

  /** @param rows where embeddings go: those of the current model */
  constructor(database: Database, rows: EmbeddingRows) {
    this.#database = database;
    this.#rows = rows;
    this.#metadata = new MetadataWriter(database);
    this.#paths = new PathLinks(database);
    this.#words = new WordsWriter(database);
    // A migration leaves every item to be read.
    database.transaction(() => this.#words.refresh([]))();
    this.#itemByHash = database.prepare('SELECT id FROM items WHERE kind = ? AND content_hash = ?');
    this.#insertItem = database.prepare(
      `INSERT INTO items (kind, content_hash, width, height, format, bytes, text, placeholder, second, added_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#mention = database.prepare('SELECT item_id FROM mentions WHERE path = ? AND line = ?');
    this.#upsertMention = database.prepare(
      'INSERT OR REPLACE INTO mentions (path, line, item_id, image) VALUES (?, ?, ?, ?)',
    );
    this.#count = database.prepare('UPDATE item_counts SET count = count + ? WHERE kind = ?');
    this.#deleteOrphan = database.prepare(
      `DELETE FROM items WHERE id = @id
         AND NOT EXISTS (SELECT 1 FROM files WHERE item_id = @id)
         AND NOT EXISTS (SELECT 1 FROM mentions WHERE item_id = @id)
       RETURNING kind`,
    );
    this.#advance = database.prepare('UPDATE generation SET value = value + 1');
  }

  commit(changes: readonly LibraryChange[]): CatalogDelta {
    return this.#transaction(() => {
      for (const change of changes) this.#apply(change);
    });
  }

  forget(paths: readonly string[]): CatalogDelta {
    return this.#transaction(() => {
      for (const path of paths) this.#released(this.#paths.forget(path));
    });
  }

  #transaction(body: () => void): CatalogDelta {
    this.#added = [];
    this.#perhapsOrphaned = new Set();
    this.#stale = new Set();
    this.#inserted = { photo: 0, caption: 0 };
    return this.#database.transaction((): CatalogDelta => {
      body();
      for (const kind of ITEM_KINDS)
        if (this.#inserted[kind] > 0) this.#count.run(this.#inserted[kind], kind);
      const removed = [...this.#perhapsOrphaned].flatMap((id) => {
        const row = this.#deleteOrphan.get({ id });
        return row ? [{ kind: row.kind, id }] : [];
      });
      this.#words.refresh([...this.#stale]);
      if (this.#added.length > 0 || removed.length > 0) this.#advance.run();
      return { added: this.#added, removed };
    })();
  }

  #apply(change: LibraryChange): void {
    switch (change.type) {
      case 'photo':
        return this.#photo(change);
      case 'frames':
        return this.#video(change);
      case 'metadata':
        return this.#replaceMetadata(change);
      case 'captions':
        return this.#captions(change);
      case 'collection-read':
        return this.#collectionRead(change);
      case 'failure':
        return this.#failure(change);
    }
  }

  #photo({ file, contentHash, sidecars = [], photo }: PhotoChange): void {
    const id = this.#picture(contentHash, file.size, photo);
    this.#lead(file, id);
    for (const sidecar of sidecars) this.#collectionRead({ file: sidecar, lines: 0 });
  }

  #picture(contentHash: string, bytes: number, photo: PhotoChange['photo']): ItemId {
    const { embedding, metadata, ...shape } = photo ?? {
      embedding: undefined,
      metadata: undefined,
      ...NO_PICTURE,
    };
    const fields = { kind: 'photo', contentHash, ...shape, bytes, text: null } as const;
    const id = this.#item(fields, embedding);
    if (metadata) this.#describe(id, metadata);
    return id;
  }

  /** The video's own path leads to no item; each of its frames has one of its own. */
  #video({ file, frames }: FramesChange): void {
    this.#collectionRead({ file, lines: 0 });
    for (const { second, contentHash, photo } of frames) {
      const id = this.#picture(contentHash, file.size, photo);
      this.#lead({ ...file, path: framePath(file.path, second) }, id);
    }
  }

  #replaceMetadata({ contentHash, metadata }: MetadataChange): void {
    const known = this.#itemByHash.get('photo', contentHash);
    if (known) this.#describe(known.id, metadata);
  }

  #captions({ path, lines }: CaptionsChange): void {
    for (const { line, text, contentHash, image, addedAt, embedding } of lines) {
      const id = this.#item({ kind: 'caption', contentHash, ...NO_PICTURE, text, addedAt }, embedding);
      const before = this.#mention.get(path, line);
      if (before) this.#perhapsOrphaned.add(before.item_id);
      this.#upsertMention.run(path, line, id, image);
    }
  }

  #collectionRead({ file, lines }: Pick<CollectionReadChange, 'file' | 'lines'>): void {
    this.#released(this.#paths.lead(file, null, lines));
  }

  #failure({ file, code, reason, nextTry = null }: FailureChange): void {
    this.#released(this.#paths.fail(file, { code, reason, nextTry }));
  }

  /** The item with this content, made if it is new; without an embedding it must be there already. */
  #item(fields: ItemFields, embedding: Float32Array | undefined): ItemId {
    if (embedding === undefined) return this.#known(fields);
    // What comes with an embedding is nearly always new, so it is not looked for first.
    const id = this.#insert(fields) ?? this.#known(fields);
    if (this.#rows.add(id, embedding)) this.#added.push({ kind: fields.kind, id, vector: embedding });
    return id;
  }

  #known({ kind, contentHash }: ItemFields): ItemId {
    const known = this.#itemByHash.get(kind, contentHash);
    if (known) return known.id;
    const message = `Expected the ${kind} ${contentHash} to be in the library. Run the ingest again.`;
    throw new SightlineError('ERR_INTERNAL', message);
  }

  /** Undefined where there is one with this content. */
  #insert(fields: ItemFields): ItemId | undefined {
    const { kind, contentHash, width, height, format, bytes, text, placeholder = null, addedAt } = fields;
    const added = addedAt?.getTime() ?? Date.now();
    const second = secondOfHash(contentHash);
    // By place: looking up names in an object is a tenth of what an insertion costs.
    const row = [kind, contentHash, width, height, format, bytes, text, placeholder, second, added] as const;
    const { changes, lastInsertRowid } = this.#insertItem.run(...row);
    if (changes === 0) return undefined;
    const id = Number(lastInsertRowid) as ItemId;
    this.#inserted[kind]++;
    this.#stale.add(id);
    return id;
  }

  #lead(file: FileState, id: ItemId): void {
    this.#released(this.#paths.lead(file, id));
    this.#stale.add(id);
  }

  #describe(id: ItemId, metadata: PhotoMetadata): void {
    this.#metadata.write(id, metadata);
    this.#stale.add(id);
  }

  #released(items: readonly ItemId[]): void {
    for (const id of items) this.#perhapsOrphaned.add(id);
  }
}
