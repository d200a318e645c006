import { FRAME_MARK } from '../../core/frame-path.js';
import type { ItemId } from '../../core/item.js';
import type { FileState } from '../../core/ports.js';
import type { Database, Statement } from './database.js';

/** What is known of a path before it is written. */
interface Known {
  readonly isFile: 0 | 1;
  /** The photo whose content lies there. */
  readonly item: ItemId | null;
  /** Whether it is a video with frames, and a collection with lines that are not kept. */
  readonly hasFrames: 0 | 1;
  readonly hasLines: 0 | 1;
}

export interface Failure {
  readonly code: string;
  readonly reason: string;
  /** Milliseconds since 1970; null where only a change is a reason to try again. */
  readonly nextTry: number | null;
}

type Range = readonly [first: string, end: string];

// '>' follows '=': the range holds exactly what begins with the video's path and the mark.
const framesOf = (video: string): Range => [`${video}${FRAME_MARK}`, `${video}${FRAME_MARK.slice(0, -1)}>`];

const FRAMES = `FROM files JOIN items ON items.id = item_id WHERE files.path >= ? AND files.path < ? AND second IS NOT NULL`;
const LINES = 'FROM mentions WHERE path = ? AND line > ?';

/**
 * The ways from paths to items: a photo's file, the frames of a video, the lines of a caption collection. Whatever is
 * written about a path takes those away that it had, and tells where they led.
 */
export class PathLinks {
  readonly #known: Statement<[string, string, ...Range, string, number], Known>;
  readonly #insert: Statement<[string, number, number, ItemId | null]>;
  readonly #update: Statement<[number, number, ItemId | null, string]>;
  readonly #fail: Statement<[number, number, string, string, number, number | null, string]>;
  readonly #delete: Statement<[string]>;
  readonly #frames: Statement<[...Range], { path: string; id: ItemId }>;
  readonly #lines: Statement<[string, number], ItemId>;
  readonly #deleteLines: Statement<[string, number]>;

  constructor(database: Database) {
    // One question for all that a path may be: of most paths the answer is that they are new.
    this.#known = database.prepare(
      `SELECT EXISTS (SELECT 1 FROM files WHERE path = ?) AS isFile,
              (SELECT item_id FROM files WHERE path = ?) AS item,
              EXISTS (SELECT 1 ${FRAMES}) AS hasFrames, EXISTS (SELECT 1 ${LINES}) AS hasLines`,
    );
    // Two statements, not an upsert: its way with conflicts would take the place of that of the triggers it sets off.
    this.#insert = database.prepare('INSERT INTO files (path, size, mtime_ms, item_id) VALUES (?, ?, ?, ?)');
    this.#update = database.prepare(
      `UPDATE files SET size = ?, mtime_ms = ?, item_id = ?, failure_code = NULL, failure_reason = NULL,
         failure_count = 0, failed_at = NULL, next_try = NULL
       WHERE path = ?`,
    );
    this.#fail = database.prepare(
      `UPDATE files SET size = ?, mtime_ms = ?, item_id = NULL, failure_code = ?, failure_reason = ?,
         failure_count = failure_count + 1, failed_at = ?, next_try = ?
       WHERE path = ?`,
    );
    this.#delete = database.prepare('DELETE FROM files WHERE path = ?');
    this.#frames = database.prepare(`SELECT path, item_id AS id ${FRAMES}`);
    this.#lines = database.prepare<[string, number], ItemId>(`SELECT DISTINCT item_id ${LINES}`).pluck();
    this.#deleteLines = database.prepare(`DELETE ${LINES}`);
  }

  /**
   * From now on the file leads to this item, or to none.
   * @param keptLines lines of a collection that go on leading to their captions
   * @returns the items that the path led to until now
   */
  lead({ path, size, mtimeMs }: FileState, item: ItemId | null, keptLines = 0): ItemId[] {
    const { isFile, released } = this.#release(path, keptLines);
    if (isFile) this.#update.run(size, mtimeMs, item, path);
    else this.#insert.run(path, size, mtimeMs, item);
    return released;
  }

  /** The file leads to nothing, and it is known why. @returns as `lead` */
  fail({ path, size, mtimeMs }: FileState, { code, reason, nextTry }: Failure): ItemId[] {
    const { isFile, released } = this.#release(path, 0);
    if (!isFile) this.#insert.run(path, size, mtimeMs, null);
    this.#fail.run(size, mtimeMs, code, reason, Date.now(), nextTry, path);
    return released;
  }

  /** There is no such file. @returns as `lead` */
  forget(path: string): ItemId[] {
    const { released } = this.#release(path, 0);
    this.#delete.run(path);
    return released;
  }

  #release(path: string, keptLines: number): { readonly isFile: boolean; readonly released: ItemId[] } {
    const range = framesOf(path);
    const known = this.#known.get(path, path, ...range, path, keptLines) as Known;
    const released = known.item === null ? [] : [known.item];
    if (known.hasFrames)
      for (const frame of this.#frames.all(...range)) {
        released.push(frame.id);
        this.#delete.run(frame.path);
      }
    if (known.hasLines) {
      released.push(...this.#lines.all(path, keptLines));
      this.#deleteLines.run(path, keptLines);
    }
    return { isFile: known.isFile === 1, released };
  }
}
