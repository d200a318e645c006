/** Paths as they were last seen, those that failed among them. */
import type { ItemId } from '../../core/item.js';
import { isFramePath } from '../../core/frame-path.js';
import type { FileState, Frame, KnownFile, KnownFiles } from '../../core/ports.js';
import type { Database, Statement } from './database.js';

export interface FailedFile {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
  /** How often in a row it failed, and when last. */
  readonly count: number;
  readonly failedAt: Date | null;
  /** When it is tried again although it has not changed; null for not by itself. */
  readonly nextTry: Date | null;
}

interface FailedRow extends Omit<FailedFile, 'failedAt' | 'nextTry'> {
  readonly failedAt: number | null;
  readonly nextTry: number | null;
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

interface FileRow {
  readonly path: string;
  readonly size: number;
  readonly mtime_ms: number;
  readonly failure_code: string | null;
  readonly failure_reason: string | null;
  readonly unread: number;
  readonly failure_count: number;
  readonly next_try: number | null;
}

/** A photo's file is unread where nobody asked it yet what it says about itself: the library is older than the question. */
const FILE_SQL = `
  SELECT files.*,
         item_id IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM photo_metadata WHERE photo_metadata.item_id = files.item_id) AS unread
  FROM files WHERE path`;

const knownFile = (row: FileRow): KnownFile => ({
  path: row.path,
  size: row.size,
  mtimeMs: row.mtime_ms,
  ...(row.failure_code !== null && {
    failureCode: row.failure_code,
    failureCount: row.failure_count,
    nextTry: row.next_try,
  }),
  ...(row.unread !== 0 && { unread: true }),
});

/** Rows of a page. */
const PAGE = 1000;

/** The open range of the paths below a folder: '0' follows '/', so it is one range of the primary key. */
function below(root: string): readonly [string, string] {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return [prefix, `${prefix.slice(0, -1)}0`];
}

export class FileRows implements KnownFiles {
  readonly #database: Database;
  readonly #file: Statement<[string], FileRow>;
  readonly #files: Statement<[string], FileRow>;
  readonly #named: Statement<[string, string], string>;

  constructor(database: Database) {
    this.#database = database;
    this.#file = database.prepare(`${FILE_SQL} = ?`);
    this.#files = database.prepare(`${FILE_SQL} IN (SELECT value FROM json_each(?))`);
    this.#named = database
      .prepare<[string, string], string>(
        'SELECT path FROM files WHERE path >= ? AND path < ? AND item_id IS NOT NULL ORDER BY path',
      )
      .pluck();
  }

  one(path: string): KnownFile | undefined {
    const row = this.#file.get(path);
    return row && knownFile(row);
  }

  /** Paths that lead to an item. */
  of(id: ItemId): string[] {
    return this.#database
      .prepare<[number], string>('SELECT path FROM files WHERE item_id = ? ORDER BY path')
      .pluck()
      .all(id);
  }

  /** Lines of caption collections that say a caption. */
  mentionsOf(id: ItemId): { path: string; line: number; image: string | null }[] {
    return this.#database
      .prepare<[number], { path: string; line: number; image: string | null }>(
        'SELECT path, line, image FROM mentions WHERE item_id = ? ORDER BY path, line',
      )
      .all(id);
  }

  /** Caption collections that were read to their end, with how many lines each has. */
  collections(): (FileState & { lines: number })[] {
    return this.#database
      .prepare<[], FileState & { lines: number }>(
        `SELECT path, size, mtime_ms AS mtimeMs,
                coalesce((SELECT max(line) FROM mentions WHERE mentions.path = files.path), 0) AS lines
         FROM files WHERE item_id IS NULL AND failure_code IS NULL ORDER BY path`,
      )
      .all();
  }

  many(paths: readonly string[]): Map<string, KnownFile> {
    return new Map(this.#files.all(JSON.stringify(paths)).map((row) => [row.path, knownFile(row)]));
  }

  photosNamed(stem: string): string[] {
    // '/' follows '.': the range holds exactly what begins with the stem and a dot.
    const paths = this.#named.all(`${stem}.`, `${stem}/`);
    return paths.filter((path) => !path.slice(stem.length + 1).includes('.'));
  }

  /** In pages, so that a large library neither fills the memory nor holds the event loop of who iterates. */
  *under(root: string): Generator<string> {
    if (this.#file.get(root)) yield root;
    const [from, to] = below(root);
    const page = this.#database
      .prepare<[string, string, number], string>(
        'SELECT path FROM files WHERE path > ? AND path < ? ORDER BY path LIMIT ?',
      )
      .pluck();
    for (let last = from, paths: string[] = []; ; last = paths.at(-1) as string) {
      paths = page.all(last, to, PAGE);
      yield* paths.filter((path) => !isFramePath(path));
      if (paths.length < PAGE) return;
    }
  }

  ofContent(contentHash: string): string[] {
    return this.#database
      .prepare<[string], string>(
        `SELECT path FROM files JOIN items ON items.id = item_id WHERE kind = 'photo' AND content_hash = ?`,
      )
      .pluck()
      .all(contentHash);
  }

  framesOf(videoHash: string): Frame[] {
    // 'A' follows '@'.
    return this.#database
      .prepare<[string, string], Frame>(
        `SELECT content_hash AS contentHash, second FROM items
         WHERE kind = 'photo' AND content_hash >= ? AND content_hash < ? AND second IS NOT NULL ORDER BY second`,
      )
      .all(`${videoHash}@`, `${videoHash}A`);
  }

  due(root: string, now: number): string[] {
    return this.#database
      .prepare<[string, string, string, number], string>(
        `SELECT path FROM files WHERE failure_code IS NOT NULL AND (path = ? OR (path > ? AND path < ?))
         AND next_try <= ?`,
      )
      .pluck()
      .all(root, ...below(root), now);
  }

  count(): number {
    // Frames of videos have paths of their own, but are no files.
    return this.#database
      .prepare("SELECT count(*) FROM files WHERE path NOT GLOB '*#t=[0-9]*'")
      .pluck()
      .get() as number;
  }

  failed(): number {
    return this.#database
      .prepare('SELECT count(*) FROM files WHERE failure_code IS NOT NULL')
      .pluck()
      .get() as number;
  }

  /** In the order of their paths, behind one where it is given. */
  failures(limit: number, after = ''): FailedFile[] {
    return this.#database
      .prepare<[string, number], FailedRow>(
        `SELECT path, failure_code AS code, failure_reason AS reason, failure_count AS count,
                failed_at AS failedAt, next_try AS nextTry
         FROM files WHERE failure_code IS NOT NULL AND path > ? ORDER BY path LIMIT ?`,
      )
      .all(after, limit)
      .map(({ failedAt, nextTry, ...row }) => ({
        ...row,
        failedAt: dateOf(failedAt),
        nextTry: dateOf(nextTry),
      }));
  }
}
