import { dirname, join, isAbsolute } from 'node:path';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Database, Statement } from './database.js';
import { baseName } from './filter-sql.js';
import { segmented } from './words-query.js';

/** What a collection may say about a file: the names are the same, the rest is to be compared. */
interface Mention {
  readonly photo: ItemId;
  readonly file: string;
  readonly caption: ItemId;
  readonly text: string;
  readonly path: string;
  readonly image: string;
}

interface Facts {
  readonly id: ItemId;
  readonly kind: ItemKind;
  readonly text: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly tags: string | null;
  readonly people: string | null;
}

interface Path {
  readonly photo: ItemId;
  readonly path: string;
}

/** What is written about some items, as the rows have it. */
interface Told {
  readonly facts: readonly Facts[];
  readonly paths: ReadonlyMap<ItemId, readonly Path[]>;
  readonly mentions: ReadonlyMap<ItemId, readonly Mention[]>;
}

/** Folders above a photo that say something about it; what is further up is the same for all. */
const FOLDERS = 4;
/** A word that nobody writes, so that no phrase reaches from one keyword or name into the next. */
const SEPARATOR = ' \uE000 ';

/** Items that are read at once: a statement for each of them would cost more than what it reads. */
const PAGE = 512;
const STALE_PAGE = `stale (item_id) AS MATERIALIZED (SELECT item_id FROM stale_words ORDER BY item_id LIMIT ${PAGE})`;

const tagsOf = (kind: string): string =>
  `(SELECT group_concat(tag, ' ' || char(57344) || ' ') FROM photo_tags WHERE item_id = items.id AND kind = '${kind}')`;

const FACTS_SQL = `
  WITH ${STALE_PAGE}
  SELECT items.id, items.kind, text, title, description, camera, lens,
         ${tagsOf('keyword')} AS tags, ${tagsOf('person')} AS people
  FROM stale CROSS JOIN items ON items.id = stale.item_id LEFT JOIN photo_metadata ON photo_metadata.item_id = items.id`;

const PATHS_SQL = `
  WITH ${STALE_PAGE}
  SELECT files.item_id AS photo, path FROM stale CROSS JOIN files ON files.item_id = stale.item_id`;

const MENTIONS_SQL = `
  WITH ${STALE_PAGE}
  SELECT files.item_id AS photo, files.path AS file, mentions.item_id AS caption, items.text, mentions.path, mentions.image
  FROM stale CROSS JOIN files ON files.item_id = stale.item_id
       CROSS JOIN mentions ON ${baseName('mentions.image')} = ${baseName('files.path')}
       CROSS JOIN items ON items.id = mentions.item_id
  ORDER BY files.path, mentions.path, mentions.line`;

/**
 * Keeps the word index in step with the rows. At the end of a transaction the items whose words may have changed are read and
 * written to the index, so that rows and words become durable together. The catalog's writer names those that it wrote;
 * triggers note those that a change concerns indirectly: other items of a path, the photos that a caption is about.
 */
export class WordsWriter {
  readonly #note: Statement<[string]>;
  readonly #facts: Statement<[], Facts>;
  readonly #paths: Statement<[], Path>;
  readonly #mentions: Statement<[], Mention>;
  readonly #isFile: Statement<[string], number>;
  readonly #unlink: Statement<[]>;
  readonly #link: Statement<[number, number]>;
  readonly #photo: Statement<[number, ...string[]]>;
  readonly #caption: Statement<[number, string]>;
  readonly #fresh: Statement<[]>;

  constructor(database: Database) {
    this.#note = database.prepare('INSERT OR IGNORE INTO stale_words SELECT value FROM json_each(?)');
    this.#facts = database.prepare(FACTS_SQL);
    this.#paths = database.prepare(PATHS_SQL);
    this.#mentions = database.prepare(MENTIONS_SQL);
    this.#isFile = database.prepare<[string], number>('SELECT 1 FROM files WHERE path = ?').pluck();
    this.#unlink = database.prepare(
      `WITH ${STALE_PAGE} DELETE FROM photo_captions WHERE photo_id IN (SELECT item_id FROM stale)`,
    );
    this.#link = database.prepare('INSERT OR IGNORE INTO photo_captions VALUES (?, ?)');
    this.#photo = database.prepare(
      `INSERT OR REPLACE INTO photo_words
         (rowid, people, tags, title, caption, description, name, folder, camera)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#caption = database.prepare('INSERT OR REPLACE INTO caption_words (rowid, caption) VALUES (?, ?)');
    this.#fresh = database.prepare(
      `WITH ${STALE_PAGE} DELETE FROM stale_words WHERE item_id IN (SELECT item_id FROM stale)`,
    );
  }

  /** To be called inside the transaction that changed the rows. */
  refresh(written: readonly ItemId[]): void {
    if (written.length > 0) this.#note.run(JSON.stringify(written));
    do {
      const told = this.#read();
      this.#unlink.run();
      for (const facts of told.facts) {
        if (facts.kind === 'photo') this.#writePhoto(facts, told);
        else this.#caption.run(facts.id, segmented(facts.text ?? ''));
      }
    } while (this.#fresh.run().changes === PAGE);
  }

  #read(): Told {
    return {
      facts: this.#facts.all(),
      paths: byPhoto(this.#paths.all()),
      mentions: byPhoto(this.#mentions.all()),
    };
  }

  #writePhoto(facts: Facts, { paths: allPaths, mentions }: Told): void {
    const { id, title, description, camera, lens, tags, people } = facts;
    const paths = (allPaths.get(id) ?? []).map(({ path }) => path);
    const told = (mentions.get(id) ?? []).filter((mention) => this.#isAbout(mention));
    const captions = new Map(told.map(({ caption, text }) => [caption, text]));
    for (const caption of captions.keys()) this.#link.run(id, caption);
    const words = [
      people,
      tags,
      title,
      [...captions.values()].join(SEPARATOR),
      description,
      paths.map(nameOf).join(SEPARATOR),
      paths.map(foldersOf).join(SEPARATOR),
      [camera, lens].filter(Boolean).join(SEPARATOR),
    ];
    this.#photo.run(id, ...words.map((text) => segmented(text ?? '')));
  }

  /** A collection speaks of the file whose path it names, or, where nothing is there, of one with that end of a path below it. */
  #isAbout({ file, path, image }: Mention): boolean {
    const folder = dirname(path);
    const named = isAbsolute(image) ? image : join(folder, image);
    if (named === file) return true;
    const below = file.startsWith(`${folder}/`) && file.endsWith(`/${image.replace(/^(\.\/)+/, '')}`);
    return below && this.#isFile.get(named) === undefined;
  }
}

function byPhoto<Row extends { readonly photo: ItemId }>(rows: readonly Row[]): Map<ItemId, Row[]> {
  const groups = new Map<ItemId, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.photo);
    if (group) group.push(row);
    else groups.set(row.photo, [row]);
  }
  return groups;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const foldersOf = (path: string): string => path.split('/').slice(0, -1).slice(-FOLDERS).join(' ');
