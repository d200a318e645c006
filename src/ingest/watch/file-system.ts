/** What a folder lies on: from network drives and FUSE the kernel tells only what this machine itself changes. */
import { readFile } from 'node:fs/promises';

const REMOTE: ReadonlySet<string> = new Set(
  'nfs nfs4 cifs smb3 smbfs smb 9p afs ceph glusterfs lustre virtiofs vboxsf drvfs fakeowner osxfs davfs'.split(
    ' ',
  ),
);

export interface FileSystem {
  /** As the kernel calls it: `ext4`, `nfs4`, `fuse.sshfs`; `unknown` where it does not say. */
  readonly type: string;
  /** Whether changes may come without an event, so that the folder must be looked through from time to time. */
  readonly mustPoll: boolean;
}

const isFuse = (type: string): boolean => type === 'fuse' || type.startsWith('fuse.');

/** `\040` and the like: the kernel writes spaces, tabs, newlines and backslashes of a path in octal. */
const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** @param mounts the text of /proc/mounts */
export function fileSystemIn(mounts: string, path: string): FileSystem {
  let best = { at: '', type: 'unknown' };
  for (const line of mounts.split('\n')) {
    const [, at, type] = line.split(' ');
    if (at === undefined || type === undefined) continue;
    const mountPoint = unescaped(at);
    const prefix = mountPoint.endsWith('/') ? mountPoint : `${mountPoint}/`;
    const holds = path === mountPoint || path.startsWith(prefix);
    // Of two on the same place the later one is on top.
    if (holds && mountPoint.length >= best.at.length) best = { at: mountPoint, type };
  }
  return { type: best.type, mustPoll: REMOTE.has(best.type) || isFuse(best.type) };
}

/** Other systems than Linux have no such table: their events are trusted. */
export async function fileSystemOf(path: string): Promise<FileSystem> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  return fileSystemIn(mounts, path);
}
