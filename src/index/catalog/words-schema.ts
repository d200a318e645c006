/** The schema of the word index; a step of migrations.ts, and like every step never edited once it has shipped. */

const TOKENIZER = "tokenize = 'porter unicode61 remove_diacritics 2'";

const staleFiles = (row: 'NEW' | 'OLD'): string =>
  `INSERT OR IGNORE INTO stale_words SELECT ${row}.item_id WHERE ${row}.item_id IS NOT NULL;`;

/** Photos that a mention may name: those with a file of that name. */
const staleMentions = (row: 'NEW' | 'OLD'): string => `
    INSERT OR IGNORE INTO stale_words
      SELECT item_id FROM files
      WHERE substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)
          = substr(${row}.image, length(rtrim(${row}.image, replace(${row}.image, '/', ''))) + 1)
        AND item_id IS NOT NULL;`;

const staleOf = (table: string, row: 'NEW' | 'OLD', event: string): string => `
  CREATE TRIGGER ${table}_${event.toLowerCase()}_stale AFTER ${event} ON ${table} BEGIN
    INSERT OR IGNORE INTO stale_words VALUES (${row}.item_id);
  END;`;

export const WORDS_MIGRATION: string = `
  -- What is written about photos and captions, for search by words. Holds no text of its own: made from the rows.
  CREATE VIRTUAL TABLE photo_words USING fts5(
    people, tags, title, caption, description, name, folder, camera,
    content = '', contentless_delete = 1, ${TOKENIZER}
  );
  CREATE VIRTUAL TABLE caption_words USING fts5(caption, content = '', contentless_delete = 1, ${TOKENIZER});

  -- Captions that a collection gives to a photo; made from mentions and files with the words.
  CREATE TABLE photo_captions (
    photo_id   INTEGER NOT NULL,
    caption_id INTEGER NOT NULL,
    PRIMARY KEY (photo_id, caption_id)
  ) STRICT, WITHOUT ROWID;

  -- Items whose words changed since the word index saw them. Empty between two transactions.
  CREATE TABLE stale_words (item_id INTEGER PRIMARY KEY) STRICT;

  CREATE INDEX files_by_name ON files (substr(path, length(rtrim(path, replace(path, '/', ''))) + 1));
  CREATE INDEX mentions_by_image ON mentions (substr(image, length(rtrim(image, replace(image, '/', ''))) + 1));

  CREATE TRIGGER items_insert_stale AFTER INSERT ON items BEGIN
    INSERT OR IGNORE INTO stale_words VALUES (NEW.id);
  END;
  CREATE TRIGGER items_delete_words AFTER DELETE ON items BEGIN
    DELETE FROM stale_words WHERE item_id = OLD.id;
    DELETE FROM photo_captions WHERE photo_id = OLD.id;
    DELETE FROM photo_words WHERE rowid = OLD.id AND OLD.kind = 'photo';
    DELETE FROM caption_words WHERE rowid = OLD.id AND OLD.kind = 'caption';
  END;
  -- Before: a row that is replaced is gone afterwards.
  CREATE TRIGGER files_insert_stale BEFORE INSERT ON files BEGIN
    INSERT OR IGNORE INTO stale_words SELECT item_id FROM files WHERE path = NEW.path AND item_id IS NOT NULL;
    ${staleFiles('NEW')}
  END;
  CREATE TRIGGER files_update_stale AFTER UPDATE OF path, item_id ON files BEGIN
    ${staleFiles('OLD')}
    ${staleFiles('NEW')}
  END;
  CREATE TRIGGER files_delete_stale AFTER DELETE ON files BEGIN
    ${staleFiles('OLD')}
  END;
  CREATE TRIGGER mentions_replace_stale BEFORE INSERT ON mentions BEGIN
    INSERT OR IGNORE INTO stale_words
      SELECT files.item_id FROM mentions JOIN files
        ON substr(files.path, length(rtrim(files.path, replace(files.path, '/', ''))) + 1)
         = substr(image, length(rtrim(image, replace(image, '/', ''))) + 1)
      WHERE mentions.path = NEW.path AND mentions.line = NEW.line AND files.item_id IS NOT NULL;
  END;
  CREATE TRIGGER mentions_insert_stale AFTER INSERT ON mentions WHEN NEW.image IS NOT NULL BEGIN
    ${staleMentions('NEW')}
  END;
  CREATE TRIGGER mentions_delete_stale AFTER DELETE ON mentions WHEN OLD.image IS NOT NULL BEGIN
    ${staleMentions('OLD')}
  END;
  ${staleOf('photo_metadata', 'NEW', 'INSERT')}
  ${staleOf('photo_metadata', 'NEW', 'UPDATE')}
  ${staleOf('photo_tags', 'NEW', 'INSERT')}
  ${staleOf('photo_tags', 'OLD', 'DELETE')}

  INSERT INTO stale_words SELECT id FROM items;

  -- What filters ask for most. Most photos of some libraries say nothing, and cost nothing here.
  CREATE INDEX photo_metadata_by_time ON photo_metadata (taken_at + coalesce(taken_offset, 0) * 60000)
    WHERE taken_at IS NOT NULL;
  CREATE INDEX photo_metadata_by_camera ON photo_metadata (camera COLLATE NOCASE) WHERE camera IS NOT NULL;
  CREATE INDEX photo_metadata_by_place ON photo_metadata (latitude, longitude) WHERE latitude IS NOT NULL;
  CREATE INDEX photo_metadata_by_rating ON photo_metadata (rating) WHERE rating IS NOT NULL;
  CREATE INDEX photo_tags_by_name ON photo_tags (kind, tag COLLATE NOCASE, item_id);
`;
