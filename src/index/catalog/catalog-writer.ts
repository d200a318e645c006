import { SightlineError } from '../../core/errors.js';
import { framePath, secondOfHash } from '../../core/frame-path.js';
import type { ItemId, ItemKind } from '../../core/item.js';
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
import { FrameRows } from './frame-rows.js';
import type { EmbeddingRows } from './embedding-rows.js';
import { MetadataWriter } from './metadata-rows.js';
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
  readonly #frames: FrameRows;
  readonly #words: WordsWriter;
  readonly #itemByHash: Statement<[string, string], { id: ItemId }>;
  readonly #insertItem: Statement<
    [
      Omit<ItemFields, 'placeholder' | 'addedAt'> & {
        placeholder: Uint8Array | null;
        second: number | null;
        addedAt: number;
      },
    ],
    { id: ItemId }
  >;
  readonly #itemOfFile: Statement<[string], { item_id: ItemId | null }>;
  readonly #upsertFile: Statement<
    [FileState & { itemId: ItemId | null; code: string | null; reason: string | null }]
  >;
  readonly #updateFailure: Statement<
    [FileState & { code: string; reason: string; nextTry: number | null; now: number }]
  >;
  readonly #insertFailure: Statement<
    [FileState & { code: string; reason: string; nextTry: number | null; now: number }]
  >;
  readonly #deleteFile: Statement<[string]>;
  readonly #mention: Statement<[string, number], { item_id: ItemId }>;
  readonly #upsertMention: Statement<[string, number, number, string | null]>;
  readonly #mentionsAfter: Statement<[string, number], { item_id: ItemId }>;
  readonly #deleteMentionsAfter: Statement<[string, number]>;
  readonly #deleteOrphan: Statement<[{ id: ItemId }], { kind: ItemKind }>;
  readonly #advance: Statement<[]>;

  #added: CatalogDelta['added'][number][] = [];
  #perhapsOrphaned = new Set<ItemId>();

  /** @param rows where embeddings go: those of the current model */
  constructor(database: Database, rows: EmbeddingRows) {
    this.#database = database;
    this.#rows = rows;
    this.#metadata = new MetadataWriter(database);
    this.#frames = new FrameRows(database);
    this.#words = new WordsWriter(database);
    // A migration leaves every item to be read.
    database.transaction(() => this.#words.refresh())();
    this.#itemByHash = database.prepare('SELECT id FROM items WHERE kind = ? AND content_hash = ?');
    this.#insertItem = database.prepare(
      `INSERT INTO items (kind, content_hash, width, height, format, bytes, text, placeholder, second, added_at)
       VALUES (@kind, @contentHash, @width, @height, @format, @bytes, @text, @placeholder, @second, @addedAt) RETURNING id`,
    );
    this.#itemOfFile = database.prepare('SELECT item_id FROM files WHERE path = ?');
    this.#upsertFile = database.prepare(
      `INSERT OR REPLACE INTO files (path, size, mtime_ms, item_id, failure_code, failure_reason)
       VALUES (@path, @size, @mtimeMs, @itemId, @code, @reason)`,
    );
    // Two statements, not an upsert: its way with conflicts would take the place of that of the triggers it sets off.
    this.#updateFailure = database.prepare(
      `UPDATE files SET size = @size, mtime_ms = @mtimeMs, item_id = NULL, failure_code = @code, failure_reason = @reason,
         failure_count = failure_count + 1, failed_at = @now, next_try = @nextTry
       WHERE path = @path`,
    );
    this.#insertFailure = database.prepare(
      `INSERT INTO files (path, size, mtime_ms, failure_code, failure_reason, failure_count, failed_at, next_try)
       VALUES (@path, @size, @mtimeMs, @code, @reason, 1, @now, @nextTry)`,
    );
    this.#deleteFile = database.prepare('DELETE FROM files WHERE path = ?');
    this.#mention = database.prepare('SELECT item_id FROM mentions WHERE path = ? AND line = ?');
    this.#upsertMention = database.prepare(
      'INSERT OR REPLACE INTO mentions (path, line, item_id, image) VALUES (?, ?, ?, ?)',
    );
    this.#mentionsAfter = database.prepare(
      'SELECT DISTINCT item_id FROM mentions WHERE path = ? AND line > ?',
    );
    this.#deleteMentionsAfter = database.prepare('DELETE FROM mentions WHERE path = ? AND line > ?');
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
      for (const path of paths) {
        this.#releaseFile(path);
        this.#releaseMentionsAfter(path, 0);
        this.#deleteFile.run(path);
      }
    });
  }

  #transaction(body: () => void): CatalogDelta {
    this.#added = [];
    this.#perhapsOrphaned = new Set();
    return this.#database.transaction((): CatalogDelta => {
      body();
      const removed = [...this.#perhapsOrphaned].flatMap((id) => {
        const row = this.#deleteOrphan.get({ id });
        return row ? [{ kind: row.kind, id }] : [];
      });
      this.#words.refresh();
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
    this.#releaseFile(file.path);
    this.#releaseMentionsAfter(file.path, 0);
    this.#upsertFile.run({ ...file, itemId: id, code: null, reason: null });
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
    if (metadata) this.#metadata.write(id, metadata);
    return id;
  }

  /** The video's own path leads to no item; each of its frames has one of its own. */
  #video({ file, frames }: FramesChange): void {
    this.#collectionRead({ file, lines: 0 });
    for (const { second, contentHash, photo } of frames) {
      const id = this.#picture(contentHash, file.size, photo);
      this.#upsertFile.run({
        ...file,
        path: framePath(file.path, second),
        itemId: id,
        code: null,
        reason: null,
      });
    }
  }

  #replaceMetadata({ contentHash, metadata }: MetadataChange): void {
    const known = this.#itemByHash.get('photo', contentHash);
    if (known) this.#metadata.write(known.id, metadata);
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
    this.#releaseFile(file.path);
    this.#releaseMentionsAfter(file.path, lines);
    this.#upsertFile.run({ ...file, itemId: null, code: null, reason: null });
  }

  #failure({ file, code, reason, nextTry = null }: FailureChange): void {
    this.#releaseFile(file.path);
    this.#releaseMentionsAfter(file.path, 0);
    const failure = { ...file, code, reason, nextTry, now: Date.now() };
    if (this.#updateFailure.run(failure).changes === 0) this.#insertFailure.run(failure);
  }

  /** The item with this content, made if it is new; without an embedding it must be there already. */
  #item(fields: ItemFields, embedding: Float32Array | undefined): ItemId {
    const known = this.#itemByHash.get(fields.kind, fields.contentHash);
    if (embedding === undefined) {
      if (known) return known.id;
      const message = `Expected the ${fields.kind} ${fields.contentHash} to be in the library. Run the ingest again.`;
      throw new SightlineError('ERR_INTERNAL', message);
    }
    const id = known?.id ?? this.#insert(fields);
    if (this.#rows.add(id, embedding)) this.#added.push({ kind: fields.kind, id, vector: embedding });
    return id;
  }

  #insert({ placeholder, addedAt, ...fields }: ItemFields): ItemId {
    const row = this.#insertItem.get({
      ...fields,
      placeholder: placeholder ?? null,
      second: secondOfHash(fields.contentHash),
      addedAt: addedAt?.getTime() ?? Date.now(),
    });
    return (row as { id: ItemId }).id;
  }

  #releaseFile(path: string): void {
    const item = this.#itemOfFile.get(path)?.item_id;
    if (item) this.#perhapsOrphaned.add(item);
    for (const frame of this.#frames.of(path)) {
      this.#perhapsOrphaned.add(frame.id);
      this.#deleteFile.run(frame.path);
    }
  }

  #releaseMentionsAfter(path: string, line: number): void {
    const mentioned = this.#mentionsAfter.all(path, line);
    for (const { item_id: id } of mentioned) this.#perhapsOrphaned.add(id);
    if (mentioned.length > 0) this.#deleteMentionsAfter.run(path, line);
  }
}
