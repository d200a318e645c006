import type { Filter } from '../../core/filter.js';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Remembered } from '../../core/remembered.js';
import type { Database } from './database.js';
import { compileFilter, UNICODE_LIKE, WALL_CLOCK } from './filter-sql.js';
import { ReadyStatements } from './ready-statements.js';
import type { Revision } from './revision.js';

/** Filters whose items are remembered, and items remembered in all: some megabytes. */
const REMEMBERED = 32;

const FROM = 'FROM items LEFT JOIN photo_metadata AS facts ON facts.item_id = items.id';

/** LIKE over all of Unicode, `_` a character, `\` escaping. */
function unicodeLike(pattern: string, text: string | null): number {
  if (text === null) return 0;
  const source = pattern.replace(/\\(.)|[%_]|[\^$.*+?()[\]{}|/]/gsu, (found, literal: string | undefined) => {
    if (literal !== undefined) return `\\${literal}`.replace(/^\\([%_])$/, '$1');
    return found === '%' ? '[^]*' : found === '_' ? '[^]' : `\\${found}`;
  });
  return Number(new RegExp(`^${source}$`, 'u').test(text.normalize('NFC').toLowerCase()));
}

/**
 * Which items a filter leaves. Counting comes first and is bounded: whoever asks says how many ids are still few. The ids
 * of recent filters are kept until anything in the database changes, whoever changed it.
 */
export class ItemFilter {
  readonly #statements: ReadyStatements;
  readonly #remembered: Remembered<Int32Array | null>;

  constructor(database: Database, revision: Revision) {
    this.#statements = new ReadyStatements(database);
    this.#remembered = revision.memory(REMEMBERED);
    database.function(UNICODE_LIKE, { deterministic: true }, (pattern: unknown, text: unknown) =>
      unicodeLike(pattern as string, text as string | null),
    );
  }

  /** Ids of all items of a kind that the filter leaves, ascending; null where there are more than `most`. */
  matching(kind: ItemKind, filter: Filter, most: number): Int32Array | null {
    const { sql, parameters } = compileFilter(filter, kind, 'scan');
    const key = JSON.stringify([kind, most, sql, parameters]);
    const remembered = this.#remembered.values;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const ids = this.#statements
      .of(`SELECT items.id ${FROM} WHERE items.kind = ? AND ${sql} LIMIT ?`)
      .all(kind, ...parameters, most + 1);
    const found = ids.length > most ? null : Int32Array.from(ids.toSorted((a, b) => a - b));
    remembered.set(key, found);
    return found;
  }

  /** Which of these the filter leaves. */
  among(kind: ItemKind, filter: Filter, ids: readonly ItemId[]): Set<ItemId> {
    const { sql, parameters } = compileFilter(filter, kind, 'check');
    const statement = this.#statements.of(
      `SELECT items.id ${FROM} WHERE items.id IN (SELECT value FROM json_each(?)) AND ${sql}`,
    );
    return new Set(statement.all(JSON.stringify(ids), ...parameters) as ItemId[]);
  }

  /** Items that the filter leaves, by the time they were taken, or else added. */
  byDate(kind: ItemKind, filter: Filter, newestFirst: boolean, limit: number): ItemId[] {
    const { sql, parameters } = compileFilter(filter, kind, 'scan');
    const order = newestFirst ? 'DESC' : 'ASC';
    const statement = this.#statements.of(
      `SELECT items.id ${FROM} WHERE items.kind = ? AND ${sql}
       ORDER BY coalesce(${WALL_CLOCK}, items.added_at) ${order}, items.id ${order} LIMIT ?`,
    );
    return statement.all(kind, ...parameters, limit) as ItemId[];
  }

  /** When each of these was taken by the clock of the place, or else added; milliseconds. */
  times(ids: readonly ItemId[]): Map<ItemId, number> {
    const sql = `SELECT coalesce(${WALL_CLOCK}, items.added_at) ${FROM} WHERE items.id = ?`;
    const statement = this.#statements.of(sql);
    return new Map(ids.map((id) => [id, statement.get(id) ?? 0]));
  }
}
