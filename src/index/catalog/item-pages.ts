/** Items as one leafs through them: by age of their id, by their path, and the captions that name a photo. */
import { basename, sep } from 'node:path';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Database, Statement } from './database.js';

interface MentionRow {
  readonly id: ItemId;
  readonly image: string;
}

export class ItemPages {
  readonly #after: Statement<[string, number, number], ItemId>;
  readonly #before: Statement<[string, number, number], ItemId>;
  readonly #at: Statement<[string], ItemId>;
  readonly #mentions: Statement<[string, string, number], MentionRow>;

  constructor(database: Database) {
    const page = (comparison: string, order: string): Statement<[string, number, number], ItemId> =>
      database
        .prepare<[string, number, number], ItemId>(
          `SELECT id FROM items WHERE kind = ? AND id ${comparison} ? ORDER BY id ${order} LIMIT ?`,
        )
        .pluck();
    this.#after = page('>', 'ASC');
    this.#before = page('<', 'DESC');
    this.#at = database
      .prepare<[string], ItemId>('SELECT item_id FROM files WHERE path = ? AND item_id IS NOT NULL')
      .pluck();
    this.#mentions = database.prepare(
      `SELECT item_id AS id, image FROM mentions WHERE image = ? OR image LIKE ? ESCAPE '\\' ORDER BY item_id LIMIT ?`,
    );
  }

  /** Ids of a kind behind `id`, ascending. */
  after(kind: ItemKind, id: number, limit: number): ItemId[] {
    return this.#after.all(kind, id, limit);
  }

  /** Ids of a kind before `id`, descending: what was added last comes first. */
  before(kind: ItemKind, id: number, limit: number): ItemId[] {
    return this.#before.all(kind, id, limit);
  }

  /** The photo that lies at a path. */
  at(path: string): ItemId | undefined {
    return this.#at.get(path);
  }

  /** Captions whose collection names the file at this path, each once. */
  captionsOf(path: string, limit: number): ItemId[] {
    const name = basename(path);
    const escaped = name.replaceAll(/[\\%_]/g, '\\$&');
    const named = this.#mentions.all(name, `%/${escaped}`, limit).filter(({ image }) => {
      const parts = image.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
      return path === parts.join(sep) || path.endsWith(sep + parts.join(sep));
    });
    return [...new Set(named.map(({ id }) => id))];
  }
}
