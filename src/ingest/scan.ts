/**
 * Finds photos and caption collections. A pass over files that have not changed only lists folders and looks at sizes and
 * times: nothing is opened, except exclusion rules where a folder has some.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathError, SightlineError, systemCode } from '../core/errors.js';
import type { FileState } from '../core/ports.js';
import { Exclusions, IGNORE_FILE } from './exclusions.js';
import { type FileRole, photoNames, roleOf } from './file-roles.js';

export interface FoundFile {
  readonly role: FileRole;
  readonly state: FileState;
}

/** A path that could not be looked at. */
export interface UnreadablePath {
  readonly path: string;
  readonly error: SightlineError;
}

export interface ScanOptions {
  /** Absolute paths that are not entered. */
  readonly exclude: readonly string[];
  /** Follow symbolic links below a root. Default false. */
  readonly followLinks?: boolean | undefined;
  /** Only tell of the folders: nothing is found. */
  readonly foldersOnly?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told of each folder before it is listed, so that a watch on it misses nothing. */
  readonly onFolder?: ((path: string, inode: number) => void) | undefined;
  readonly onUnreadable?: ((unreadable: UnreadablePath) => void) | undefined;
}

/** Looks at a time: more than the system's threads, few enough for a slow network drive. */
const LOOKS = 64;

interface Walk extends ScanOptions {
  readonly exclusions: Exclusions;
  /** Real paths of the folders entered through links: a loop is walked once. */
  readonly entered: Set<string>;
}

type Entry = Pick<Dirent, 'name'> & { readonly isFolder: boolean };

async function target(path: string, { entered }: Walk): Promise<'folder' | 'file' | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return 'file';
    if (!stats.isDirectory()) return undefined;
    const real = await realpath(path);
    if ([...entered].some((known) => known === real || known.startsWith(`${real}/`))) return undefined;
    entered.add(real);
    return 'folder';
  } catch {
    // A link that leads nowhere.
    return undefined;
  }
}

/** What calls itself a photo and is a pipe, a socket or a device is never opened: that could wait for ever. */
function noteSpecial(path: string, walk: Walk): void {
  if (roleOf(basename(path), false) === undefined || walk.exclusions.skips(path, false)) return;
  const message = `Expected a file but ${path} is a pipe, a socket or a device. Leave it out.`;
  const error = new SightlineError('ERR_PATH_UNREADABLE', message, { details: { path } });
  walk.onUnreadable?.({ path, error });
}

/** Bytes that are no UTF-8 arrive as this character, and nothing is found under the name that it makes. */
const REPLACEMENT = '\ufffd';

function lookError(error: unknown, path: string): SightlineError {
  if (systemCode(error) !== 'ENOENT' || !path.includes(REPLACEMENT))
    return pathError(error, path, 'ERR_PATH_UNREADABLE');
  const message = `The name of ${path} is not UTF-8, so it cannot be opened by it. Rename it, for example with convmv.`;
  return new SightlineError('ERR_NAME_INVALID', message, { cause: error, details: { path } });
}

async function entriesOf(folder: string, walk: Walk): Promise<Entry[]> {
  const entries: Entry[] = [];
  const listed = await readdir(folder, { withFileTypes: true });
  await walk.exclusions.enter(
    folder,
    listed.some(({ name }) => name === IGNORE_FILE),
  );
  for (const entry of listed) {
    let isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) {
      if (!entry.isSymbolicLink()) noteSpecial(join(folder, entry.name), walk);
      if (!entry.isSymbolicLink() || !walk.followLinks) continue;
      const kind = await target(join(folder, entry.name), walk);
      if (kind === undefined) continue;
      isFolder = kind === 'folder';
    }
    if (!walk.exclusions.skips(join(folder, entry.name), isFolder))
      entries.push({ name: entry.name, isFolder });
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function look(role: FileRole, path: string, walk: Walk): Promise<FoundFile | undefined> {
  try {
    const { size, mtimeMs } = await (walk.followLinks ? stat(path) : lstat(path));
    return { role, state: { path, size, mtimeMs } };
  } catch (error) {
    walk.onUnreadable?.({ path, error: lookError(error, path) });
    return undefined;
  }
}

async function* walkFolder(folder: string, walk: Walk): AsyncGenerator<readonly FoundFile[]> {
  let entries: Entry[];
  try {
    walk.onFolder?.(folder, (await stat(folder)).ino);
    entries = await entriesOf(folder, walk);
  } catch (error) {
    walk.onUnreadable?.({ path: folder, error: lookError(error, folder) });
    return;
  }
  const photos = photoNames(entries.map(({ name }) => name));
  const files = entries.flatMap(({ name, isFolder }) => {
    const role = isFolder || walk.foldersOnly ? undefined : roleOf(name, false, photos);
    return role === undefined ? [] : [{ role, path: join(folder, name) }];
  });
  for (let i = 0; i < files.length; i += LOOKS) {
    walk.signal?.throwIfAborted();
    const looks = files.slice(i, i + LOOKS).map(({ role, path }) => look(role, path, walk));
    const found = (await Promise.all(looks)).filter((file) => file !== undefined);
    if (found.length > 0) yield found;
  }
  for (const { name, isFolder } of entries) {
    walk.signal?.throwIfAborted();
    const path = join(folder, name);
    if (isFolder && !walk.exclude.includes(path)) yield* walkFolder(path, walk);
  }
}

/**
 * The photos, caption collections and sidecars below a folder, in a fixed order, some at a time. Symbolic links are not followed
 * unless that is asked for.
 */
export async function* scanFolder(
  root: string,
  options: ScanOptions,
  exclusions: Exclusions = new Exclusions(root),
): AsyncGenerator<readonly FoundFile[]> {
  yield* walkFolder(root, { ...options, exclusions, entered: new Set([root]) });
}

/** What is given to an ingest: a folder to walk, or one file. */
export type Given = { readonly root: string } | { readonly file: FoundFile };

/** @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE */
export async function givenPath(path: string): Promise<Given> {
  const asked = resolve(path);
  try {
    const real = await realpath(asked);
    const stats = await lstat(real);
    if (stats.isDirectory()) return { root: real };
    const { size, mtimeMs } = stats;
    return { file: { role: roleOf(basename(real), true) ?? 'photo', state: { path: real, size, mtimeMs } } };
  } catch (error) {
    throw pathError(error, asked, 'ERR_PATH_UNREADABLE');
  }
}

/** Everything at and below some paths, each file once. @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE */
export async function scan(paths: readonly string[], options: ScanOptions): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const given = await givenPath(path);
    if ('file' in given) found.set(given.file.state.path, given.file);
    else
      for await (const some of scanFolder(given.root, options))
        for (const file of some) found.set(file.state.path, file);
  }
  return [...found.values()];
}
