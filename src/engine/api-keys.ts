/**
 * `keys.json` in the library's folder: who may use the server. Of a key only its SHA-256 is kept. That is enough here: a key is
 * 256 random bits, not a word that somebody chose, so there is nothing to guess and nothing that a slow hash would protect.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { pathError, SightlineError, systemCode } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';

/** What a key may do; each right includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: Date;
}

interface KeptKey extends Omit<ApiKey, 'createdAt'> {
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly createdAt: string;
}

const keptKeys: z.ZodType<readonly KeptKey[]> = z.array(
  z.strictObject({
    name: z.string(),
    scope: z.enum(SCOPES),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    createdAt: z.iso.datetime(),
  }),
);

/** Tells everybody who finds one what it opens. */
const PREFIX = 'sightline_';
const KEY_BYTES = 32;
const NAME = /^[\w.-]{1,64}$/;
/** Nobody but the owner of the library. */
const PRIVATE = 0o600;

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const equal = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));

function apiKey({ name, scope, createdAt }: KeptKey): ApiKey {
  return { name, scope, createdAt: new Date(createdAt) };
}

/** The keys of a library. What another process adds or revokes counts from the next look on. */
export class KeyRing {
  readonly #path: string;
  #kept: readonly KeptKey[] = [];
  #state = '';

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'keys.json');
  }

  /** @throws ERR_CONFIG_INVALID where the file holds something else */
  list(): ApiKey[] {
    return this.#keys().map(apiKey);
  }

  /**
   * @returns the key. It is told once and kept nowhere.
   * @throws ERR_KEY_EXISTS, ERR_CONFIG_INVALID
   */
  add(name: string, scope: Scope): string {
    if (!NAME.test(name)) {
      const message = `Expected a name of letters, digits, dots and hyphens, at most 64, but received ${JSON.stringify(name)}.`;
      throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { name } });
    }
    const keys = this.#keys();
    if (keys.some((key) => key.name === name)) {
      const message = `There is a key ${name} already. Choose another name, or revoke it first: sightline keys revoke ${name}`;
      throw new SightlineError('ERR_KEY_EXISTS', message, { details: { name } });
    }
    const key = PREFIX + randomBytes(KEY_BYTES).toString('base64url');
    this.#write([...keys, { name, scope, hash: hashOf(key), createdAt: new Date().toISOString() }]);
    return key;
  }

  /** @throws ERR_KEY_NOT_FOUND */
  revoke(name: string): void {
    const keys = this.#keys();
    const names = keys.map((key) => key.name);
    if (!names.includes(name)) {
      const message = `There is no key ${name}.${didYouMean(name, names)} See: sightline keys list`;
      throw new SightlineError('ERR_KEY_NOT_FOUND', message, { details: { name, known: names } });
    }
    this.#write(keys.filter((key) => key.name !== name));
  }

  /** The owner of a key. Takes as long for a wrong key as for a right one. */
  find(key: string): ApiKey | undefined {
    const hash = hashOf(key);
    const [found] = this.#keys().filter((kept) => equal(kept.hash, hash));
    return found && apiKey(found);
  }

  /**
   * Something that only this library and this key make of a text, to sign it with. It changes when the key is revoked.
   * @returns undefined where there is no such key
   */
  secretOf(name: string): { readonly key: ApiKey; readonly secret: string } | undefined {
    const kept = this.#keys().find((key) => key.name === name);
    return kept && { key: apiKey(kept), secret: kept.hash };
  }

  #keys(): readonly KeptKey[] {
    const state = this.#fileState();
    if (state !== this.#state) {
      this.#kept = state === '' ? [] : this.#read();
      this.#state = state;
    }
    return this.#kept;
  }

  #fileState(): string {
    try {
      const { mtimeMs, size, ino } = statSync(this.#path);
      return `${mtimeMs} ${size} ${ino}`;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return '';
      throw pathError(error, this.#path, 'ERR_CONFIG_INVALID');
    }
  }

  #read(): readonly KeptKey[] {
    try {
      return keptKeys.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      const message = `Expected ${this.#path} to hold keys but it holds something else. Delete it, and make keys anew: sightline keys add NAME`;
      throw new SightlineError('ERR_CONFIG_INVALID', message, { cause: error });
    }
  }

  /** Renamed into place, so that a reader sees the old keys or the new ones. */
  #write(keys: readonly KeptKey[]): void {
    const unfinished = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: PRIVATE });
      renameSync(unfinished, this.#path);
    } catch (error) {
      throw pathError(error, this.#path, 'ERR_CONFIG_INVALID');
    }
  }
}
