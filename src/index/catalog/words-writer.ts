import { dirname, join, isAbsolute } from 'node:path';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Database, Statement } from './database.js';
import { baseName } from './filter-sql.js';
import { segmented } from './words-query.js';

interface Mention {
  readonly caption: ItemId;
  readonly text: string;
  readonly path: string;
  readonly image: string;
}

interface Facts {
  readonly kind: ItemKind;
  readonly text: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly tags: string | null;
  readonly people: string | null;
}

/** Folders above a photo that say something about it; what is further up is the same for all. */
const FOLDERS = 4;
/** A word that nobody writes, so that no phrase reaches from one keyword or name into the next. */
const SEPARATOR = ' \uE000 ';

const FACTS_SQL = `
  SELECT kind, text, title, description, camera, lens,
         (SELECT group_concat(tag, ' ' || char(57344) || ' ') FROM photo_tags WHERE item_id = items.id AND kind = 'keyword') AS tags,
         (SELECT group_concat(tag, ' ' || char(57344) || ' ') FROM photo_tags WHERE item_id = items.id AND kind = 'person') AS people
  FROM items LEFT JOIN photo_metadata ON photo_metadata.item_id = items.id WHERE items.id = ?`;

/**
 * Keeps the word index in step with the rows. Triggers note every item whose words may have changed, whoever changed them;
 * at the end of a transaction those items are read and written to the index, so that rows and words become durable together.
 */
export class WordsWriter {
  readonly #stale: Statement<[], ItemId>;
  readonly #allFresh: Statement<[]>;
  readonly #facts: Statement<[number], Facts>;
  readonly #paths: Statement<[number], string>;
  readonly #mentions: Statement<[string], Mention>;
  readonly #isFile: Statement<[string], number>;
  readonly #unlink: Statement<[number]>;
  readonly #link: Statement<[number, number]>;
  readonly #photo: Statement<[number, ...string[]]>;
  readonly #caption: Statement<[number, string]>;

  constructor(database: Database) {
    this.#stale = database.prepare<[], ItemId>('SELECT item_id FROM stale_words').pluck();
    this.#allFresh = database.prepare('DELETE FROM stale_words');
    this.#facts = database.prepare(FACTS_SQL);
    this.#paths = database.prepare<[number], string>('SELECT path FROM files WHERE item_id = ?').pluck();
    this.#mentions = database.prepare(
      `SELECT mentions.item_id AS caption, items.text, mentions.path, mentions.image
       FROM mentions JOIN items ON items.id = mentions.item_id
       WHERE ${baseName('mentions.image')} = ? ORDER BY mentions.path, mentions.line`,
    );
    this.#isFile = database.prepare<[string], number>('SELECT 1 FROM files WHERE path = ?').pluck();
    this.#unlink = database.prepare('DELETE FROM photo_captions WHERE photo_id = ?');
    this.#link = database.prepare('INSERT OR IGNORE INTO photo_captions VALUES (?, ?)');
    this.#photo = database.prepare(
      `INSERT OR REPLACE INTO photo_words
         (rowid, people, tags, title, caption, description, name, folder, camera)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#caption = database.prepare('INSERT OR REPLACE INTO caption_words (rowid, caption) VALUES (?, ?)');
  }

  /** To be called inside the transaction that changed the rows. */
  refresh(): void {
    const stale = this.#stale.all();
    if (stale.length === 0) return;
    for (const id of stale) {
      const facts = this.#facts.get(id);
      if (facts?.kind === 'photo') this.#writePhoto(id, facts);
      else if (facts) this.#caption.run(id, segmented(facts.text ?? ''));
    }
    this.#allFresh.run();
  }

  #writePhoto(id: ItemId, { title, description, camera, lens, tags, people }: Facts): void {
    const paths = this.#paths.all(id);
    const captions = new Map(paths.flatMap((path) => this.#captionsOf(path)));
    this.#unlink.run(id);
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

  /** What collections say about the file: those that name its path, or, where nothing is there, the end of its path. */
  #captionsOf(path: string): [ItemId, string][] {
    return this.#mentions
      .all(nameOf(path))
      .flatMap(({ caption, text, path: collection, image }): [ItemId, string][] => {
        const folder = dirname(collection);
        const named = isAbsolute(image) ? image : join(folder, image);
        if (named === path) return [[caption, text]];
        const below = path.startsWith(`${folder}/`) && path.endsWith(`/${image.replace(/^(\.\/)+/, '')}`);
        return below && this.#isFile.get(named) === undefined ? [[caption, text]] : [];
      });
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const foldersOf = (path: string): string => path.split('/').slice(0, -1).slice(-FOLDERS).join(' ');
