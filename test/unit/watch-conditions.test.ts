import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { describe, expect, it } from 'vitest';
import { nextTry } from '#src/ingest/retry-policy.js';
import { placeholderOf } from '#src/ingest/placeholder.js';
import { fileSystemIn } from '#src/ingest/watch/file-system.js';
import { budgetAdvice, isOutOfWatches } from '#src/ingest/watch/watch-budget.js';

const MOUNTS = [
  'sysfs /sys sysfs rw 0 0',
  '/dev/sda1 / ext4 rw 0 0',
  '/dev/sdb1 /mnt/my\\040photos btrfs rw 0 0',
  'nas:/volume1 /mnt/nas nfs4 rw 0 0',
  '//nas/share /mnt/share cifs rw 0 0',
  'user@host:/ /mnt/far fuse.sshfs rw 0 0',
  '/dev/sdc1 /mnt/ntfs fuseblk rw 0 0',
  'tmpfs /mnt/nas/cache tmpfs rw 0 0',
  'nas:/two /mnt/twice nfs rw 0 0',
  '/dev/sdd1 /mnt/twice xfs rw 0 0',
].join('\n');

describe('what a folder lies on', () => {
  it.each([
    ['/home/me/Pictures', 'ext4', false],
    ['/mnt/my photos/2019', 'btrfs', false],
    ['/mnt/nas', 'nfs4', true],
    ['/mnt/nas/a/b', 'nfs4', true],
    ['/mnt/nasty', 'ext4', false],
    ['/mnt/nas/cache/x', 'tmpfs', false],
    ['/mnt/share/x', 'cifs', true],
    ['/mnt/far/x', 'fuse.sshfs', true],
    ['/mnt/ntfs/x', 'fuseblk', false],
    ['/mnt/twice/x', 'xfs', false],
  ])('%s: %s', (path, type, mustPoll) => {
    expect(fileSystemIn(MOUNTS, path)).toEqual({ type, mustPoll });
  });

  it('is unknown, and trusted, where the system has no table', () => {
    expect(fileSystemIn('', '/x')).toEqual({ type: 'unknown', mustPoll: false });
  });
});

describe('watches that run out', () => {
  it('are told apart from a full disk, with the setting to change', () => {
    expect(isOutOfWatches(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe(true);
    expect(isOutOfWatches(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe(false);
    expect(budgetAdvice(300_000)).toContain('sudo sysctl fs.inotify.max_user_watches=1048576');
    expect(budgetAdvice(10)).toContain('fs.inotify.max_user_watches=524288');
    expect(budgetAdvice(10)).toContain('the disk is not full');
    const noInstance = Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    expect(budgetAdvice(10, noInstance)).toContain('sudo sysctl fs.inotify.max_user_instances=1024');
  });
});

describe('the next try', () => {
  it('comes after ever longer waits for what may pass, and never by itself for damage', () => {
    const minutes = [1, 2, 3, 100]
      .map((count) => nextTry('ERR_PATH_UNREADABLE', count, 0) as number)
      .map((ms) => ms / 60_000);
    expect(minutes).toEqual([1, 2, 4, 24 * 60]);
    expect(nextTry('ERR_IMAGE_UNREADABLE', 1, 0)).toBeNull();
  });
});

describe('a placeholder', () => {
  it('has the colour and the shape of the picture in about 25 bytes', () => {
    const side = 64;
    const pixels = new Uint8Array(side * side * 3).map((_, i) => [200, 100, 50][i % 3] as number);
    const hash = placeholderOf(pixels, 4000, 2000);
    expect(hash.length).toBeLessThanOrEqual(25);
    expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(7 / 4, 0);
    const { r, g, b } = thumbHashToAverageRGBA(hash);
    expect(
      [r * 255, g * 255, b * 255].map((value, i) => Math.abs(value - ([200, 100, 50][i] as number)) < 12),
    ).toEqual([true, true, true]);
  });

  it('is made of strips as well', () => {
    expect(placeholderOf(new Uint8Array(16 * 16 * 3), 1, 20_000).length).toBeGreaterThan(0);
  });
});
