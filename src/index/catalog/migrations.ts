import { WORDS_MIGRATION } from './words-schema.js';

/**
 * The catalog's schema, as numbered steps. A step that has shipped is never edited; a change is a new step. SQLite's
 * `user_version` holds the number of the last one that ran.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- A photo or a caption: one content. Ids are never given twice, because vector indexes are keyed by them.
  CREATE TABLE items (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT    NOT NULL CHECK (kind IN ('photo', 'caption')),
    content_hash TEXT    NOT NULL,
    width        INTEGER,
    height       INTEGER,
    format       TEXT,
    text         TEXT,
    added_at     INTEGER NOT NULL,
    UNIQUE (kind, content_hash)
  ) STRICT;

  -- A path as it was last seen: a photo (item_id), a caption collection (neither), or a failure.
  CREATE TABLE files (
    path           TEXT PRIMARY KEY,
    size           INTEGER NOT NULL,
    mtime_ms       REAL    NOT NULL,
    item_id        INTEGER REFERENCES items (id),
    failure_code   TEXT,
    failure_reason TEXT
  ) STRICT;
  CREATE INDEX files_by_item ON files (item_id) WHERE item_id IS NOT NULL;
  CREATE INDEX files_failed ON files (failure_code) WHERE failure_code IS NOT NULL;

  -- A line of a caption collection.
  CREATE TABLE mentions (
    path    TEXT    NOT NULL,
    line    INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id),
    image   TEXT,
    PRIMARY KEY (path, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mentions_by_item ON mentions (item_id);

  CREATE TABLE models (
    id  INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
  ) STRICT;

  -- float32, little-endian, unit length.
  CREATE TABLE embeddings (
    model   INTEGER NOT NULL REFERENCES models (id),
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    vector  BLOB    NOT NULL,
    PRIMARY KEY (model, item_id)
  ) STRICT;
  CREATE INDEX embeddings_by_item ON embeddings (item_id);

  -- One row: how often the set of embeddings has changed. Snapshots of the vector indexes say which count they show.
  CREATE TABLE generation (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
  ) STRICT;
  INSERT INTO generation VALUES (1, 0);
  `,
  `
  ALTER TABLE items ADD COLUMN bytes INTEGER;
  UPDATE items SET bytes = (SELECT size FROM files WHERE item_id = items.id LIMIT 1) WHERE kind = 'photo';

  -- What a photo's file and its sidecars say about it. No row: the file was never asked.
  CREATE TABLE photo_metadata (
    item_id          INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    taken_at         INTEGER, -- milliseconds UTC
    taken_offset     INTEGER, -- minutes east of UTC
    camera           TEXT,
    lens             TEXT,
    iso              REAL,
    aperture         REAL,
    exposure_seconds REAL,
    focal_length     REAL,    -- millimetres
    latitude         REAL,    -- degrees
    longitude        REAL,
    altitude         REAL,    -- metres
    title            TEXT,
    description      TEXT,
    rating           INTEGER  -- 0 to 5
  ) STRICT;

  CREATE TABLE photo_tags (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL CHECK (kind IN ('keyword', 'person')),
    tag     TEXT    NOT NULL,
    PRIMARY KEY (item_id, kind, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX photo_tags_by_tag ON photo_tags (kind, tag);
  `,
  `
  -- The ledger: how often in a row a file failed, and when it is tried again although it has not changed (ms since 1970).
  ALTER TABLE files ADD COLUMN failure_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE files ADD COLUMN failed_at INTEGER;
  ALTER TABLE files ADD COLUMN next_try INTEGER;
  UPDATE files SET failure_count = 1 WHERE failure_code IS NOT NULL;

  -- A ThumbHash: what the page shows until the preview has come.
  ALTER TABLE items ADD COLUMN placeholder BLOB;

  -- Folders that are watched whenever a process watches this library.
  CREATE TABLE watched_folders (
    path          TEXT PRIMARY KEY,
    reconciled_at INTEGER
  ) STRICT;
  `,
  `
  -- How many items of each kind there are, kept by triggers: counting would read the whole table.
  CREATE TABLE item_counts (
    kind  TEXT    PRIMARY KEY,
    count INTEGER NOT NULL
  ) STRICT;
  INSERT INTO item_counts
    SELECT column1, (SELECT count(*) FROM items WHERE kind = column1) FROM (VALUES ('photo'), ('caption'));
  CREATE TRIGGER items_counted AFTER INSERT ON items BEGIN
    UPDATE item_counts SET count = count + 1 WHERE kind = NEW.kind;
  END;
  CREATE TRIGGER items_uncounted AFTER DELETE ON items BEGIN
    UPDATE item_counts SET count = count - 1 WHERE kind = OLD.kind;
  END;

  -- Queries use the current model's vectors; the next one's are being made; the previous one's are kept for the way back.
  ALTER TABLE models ADD COLUMN role TEXT CHECK (role IN ('current', 'next', 'previous'));
  ALTER TABLE models ADD COLUMN name TEXT;
  CREATE UNIQUE INDEX models_by_role ON models (role) WHERE role IS NOT NULL;
  UPDATE models SET role = 'current' WHERE id =
    (SELECT model FROM embeddings GROUP BY model ORDER BY count(*) DESC LIMIT 1);

  -- The last queries, as vectors without their words, so that the index can be measured with what is really asked.
  CREATE TABLE recent_queries (
    id     INTEGER PRIMARY KEY,
    model  INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    kind   TEXT    NOT NULL,
    source TEXT    NOT NULL,
    vector BLOB    NOT NULL
  ) STRICT;

  -- How wide the graph of a kind is searched, where a measurement asked for more than the default.
  CREATE TABLE search_beams (
    kind      TEXT    PRIMARY KEY,
    ef_search INTEGER NOT NULL
  ) STRICT;
  `,
  WORDS_MIGRATION,
  `
  -- Of a frame of a video: seconds from its beginning.
  ALTER TABLE items ADD COLUMN second REAL;
  `,
  `
  -- What the one writer writes it counts and notes itself, once a transaction: triggers for each row cost as much as the rows.
  -- Those stay that note what a change concerns indirectly.
  DROP TRIGGER items_counted;
  DROP TRIGGER items_insert_stale;
  DROP TRIGGER files_insert_stale;
  DROP TRIGGER photo_metadata_insert_stale;
  DROP TRIGGER photo_metadata_update_stale;
  DROP TRIGGER photo_tags_insert_stale;
  DROP TRIGGER photo_tags_delete_stale;
  `,
];
