/**
 * What is never looked at: sensible defaults, and `.sightlineignore` files in gitignore's syntax. As with git, a file's
 * rules hold for its folder and below, the deepest rule that speaks of a path decides, and what lies in an excluded
 * folder cannot be taken back in. The scanner alone asks; folders that it does not enter are not watched either.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { systemCode } from '../core/errors.js';

export const IGNORE_FILE = '.sightlineignore';

/** What begins with a dot is a program's own; the others are where programs keep previews, packages and rubbish. */
export const DEFAULT_EXCLUSIONS: readonly string[] = [
  '.*',
  '@eaDir',
  '#recycle',
  '#snapshot',
  '@Recycle',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
  'node_modules',
  'Thumbs.db',
  '*.photoslibrary/resources',
  '*.lrdata',
];

/** Patterns of a file that cannot be read are unknown: rather the folder is left out than shown against its owner's will. */
const EVERYTHING = '*';

/** `#` begins a comment in gitignore's syntax. */
const escaped = (pattern: string): string => pattern.replace(/^#/, '\\#');

const newRules = (): Ignore => ignore();

export class Exclusions {
  readonly #root: string;
  readonly #defaults: Ignore = newRules().add(DEFAULT_EXCLUSIONS.map(escaped));
  readonly #rules = new Map<string, Ignore>();

  /** @param root absolute path of the folder that is scanned */
  constructor(root: string) {
    this.#root = root;
  }

  /** Reads a folder's rules: to be called before anything in it is asked about, where its listing shows such a file. */
  async enter(folder: string, hasRules: boolean): Promise<void> {
    if (!hasRules) return void this.#rules.delete(folder);
    const text = await readFile(join(folder, IGNORE_FILE), 'utf8').catch((error: unknown) =>
      systemCode(error) === 'ENOENT' ? '' : EVERYTHING,
    );
    this.#rules.set(folder, newRules().add(text));
  }

  /** Whether a path, or a folder above it, is left out. */
  excludes(path: string): boolean {
    for (let at = path, isFolder = false; at !== this.#root; at = dirname(at), isFolder = true) {
      if (at === dirname(at)) return false;
      if (this.skips(at, isFolder)) return true;
    }
    return false;
  }

  /** Whether a path is left out, its parents being entered. The root itself never is. */
  skips(path: string, isFolder: boolean): boolean {
    if (path === this.#root) return false;
    const suffix = isFolder ? '/' : '';
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const rules = this.#rules.get(folder);
      if (rules) {
        const { ignored, unignored } = rules.test(portable(relative(folder, path)) + suffix);
        if (ignored || unignored) return ignored;
      }
      if (folder === this.#root || folder === dirname(folder)) break;
    }
    return this.#defaults.ignores(portable(relative(dirname(path), path)) + suffix);
  }
}

const portable = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));
