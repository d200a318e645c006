/**
 * Which models a library has vectors of. One is current: queries and ingest use it alone. While the library changes to
 * another, that one is next; it becomes current in the one transaction in which the old one becomes previous, whose vectors
 * stay for the way back until the library changes to a third.
 */
import type { Database, Statement } from './database.js';

export type ModelRole = 'current' | 'next' | 'previous';

export interface ModelRow {
  readonly id: number;
  /** Names the embedding space. */
  readonly key: string;
  /** What `--model` takes, where it was said. */
  readonly name: string | null;
}

export interface CurrentModel {
  readonly modelId: string;
  readonly dimensions: number;
}

export interface PendingModel {
  readonly modelId: string;
  /** As `--model` takes it. */
  readonly name: string;
}

export class ModelTable {
  readonly #database: Database;
  readonly #inRole: Statement<[string], ModelRow>;
  readonly #byKey: Statement<[string], ModelRow>;
  readonly #setRole: Statement<[string | null, number]>;
  readonly #hasVectors: Statement<[number], { found: number }>;

  constructor(database: Database) {
    this.#database = database;
    this.#inRole = database.prepare('SELECT id, key, name FROM models WHERE role = ?');
    this.#byKey = database.prepare('SELECT id, key, name FROM models WHERE key = ?');
    this.#setRole = database.prepare('UPDATE models SET role = ? WHERE id = ?');
    this.#hasVectors = database.prepare('SELECT 1 AS found FROM embeddings WHERE model = ? LIMIT 1');
  }

  inRole(role: ModelRole): ModelRow | undefined {
    return this.#inRole.get(role);
  }

  /** The model of the vectors that queries use; undefined where there are none. */
  current(): CurrentModel | undefined {
    const row = this.inRole('current');
    const bytes =
      row &&
      this.#database
        .prepare<[number], number>('SELECT length(vector) FROM embeddings WHERE model = ? LIMIT 1')
        .pluck()
        .get(row.id);
    return row && bytes
      ? { modelId: row.key, dimensions: bytes / Float32Array.BYTES_PER_ELEMENT }
      : undefined;
  }

  /** The model that the library is changing to. */
  pending(): PendingModel | undefined {
    const next = this.inRole('next');
    return next && { modelId: next.key, name: next.name ?? next.key };
  }

  named(key: string): ModelRow | undefined {
    return this.#byKey.get(key);
  }

  /** Keys of the models that the library cannot do without: what it searches with, and what it is changing to. */
  needed(): string[] {
    const pending = this.pending();
    return [this.current()?.modelId, pending?.modelId].filter((key) => key !== undefined);
  }

  /** Makes a model the current one where the library has no vectors of another that is. */
  claim(key: string): void {
    this.#database
      .transaction(() => {
        const current = this.inRole('current');
        if (current?.key === key || (current && this.#hasVectors.get(current.id))) return;
        if (current) this.#setRole.run(null, current.id);
        this.#setRole.run('current', this.#row(key));
      })
      .immediate();
  }

  /** Makes a model the next one. Vectors that it has from before stay: they are not made again. */
  begin(key: string, name: string): void {
    this.#database
      .transaction(() => {
        const [before, previous] = [this.inRole('next'), this.inRole('previous')];
        const row = this.#row(key);
        if (before && before.id !== row) this.#setRole.run(null, before.id);
        // Room for two models, not for three.
        if (previous && previous.id !== row) this.#setRole.run(null, previous.id);
        this.#database.prepare('UPDATE models SET role = ?, name = ? WHERE id = ?').run('next', name, row);
      })
      .immediate();
  }

  /** The next one loses its role, and then its vectors. */
  abandon(): void {
    this.#release('next');
  }

  /** The previous one loses its role, and then its vectors. */
  forgetPrevious(): void {
    this.#release('previous');
  }

  /** Next becomes current, current becomes previous. */
  swap(): void {
    this.#database
      .transaction(() => {
        const [current, next] = [this.inRole('current'), this.inRole('next')];
        if (next === undefined) return;
        this.#setRole.run(null, next.id);
        if (current) this.#setRole.run('previous', current.id);
        this.#setRole.run('current', next.id);
        this.#database.prepare('UPDATE generation SET value = value + 1').run();
      })
      .immediate();
  }

  /** Removes some vectors of models that have no role, so that nobody waits for many. @returns whether any are left */
  dropStrays(limit: number): boolean {
    const { changes } = this.#database
      .prepare<[number]>(
        `DELETE FROM embeddings WHERE rowid IN
           (SELECT rowid FROM embeddings WHERE model IN (SELECT id FROM models WHERE role IS NULL) LIMIT ?)`,
      )
      .run(limit);
    if (changes === limit) return true;
    this.#database.prepare('DELETE FROM models WHERE role IS NULL').run();
    return false;
  }

  hasStrays(): boolean {
    const strays =
      'SELECT 1 FROM embeddings WHERE model IN (SELECT id FROM models WHERE role IS NULL) LIMIT 1';
    return this.#database.prepare(strays).get() !== undefined;
  }

  #release(role: ModelRole): void {
    const row = this.inRole(role);
    if (row) this.#setRole.run(null, row.id);
  }

  #row(key: string): number {
    this.#database.prepare('INSERT INTO models (key) VALUES (?) ON CONFLICT DO NOTHING').run(key);
    return (this.#byKey.get(key) as ModelRow).id;
  }
}
