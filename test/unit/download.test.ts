import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import { download, type DownloadOptions } from '#src/encoder/download.js';
import { type FileServer, fileServer } from '../support/file-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const LENGTH = 400_000;
/** Unlike at every place, so that a shifted half would show. */
const CONTENT = Buffer.alloc(
  LENGTH,
  Array.from({ length: 251 }, (_, i) => String.fromCodePoint(i + 1)).join(''),
);
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const SHA256 = sha256Of(CONTENT);
const HALF = LENGTH / 2;

interface Trial {
  readonly server: FileServer;
  readonly path: string;
  readonly part: string;
  readonly run: (more?: Partial<DownloadOptions>) => Promise<string>;
  readonly left: () => string[];
}

async function trial(...misbehave: FileServer['misbehave']): Promise<Trial> {
  const server = await fileServer({ 'model.pth': CONTENT });
  server.misbehave.push(...misbehave);
  const path = join(temporaryFolder(), 'model.pth');
  const url = `${server.url}model.pth`;
  return {
    server,
    path,
    part: `${path}.part`,
    run: (more = {}) => download({ url, path, sha256: SHA256, ...more }),
    left: () => readdirSync(dirname(path)),
  };
}

async function refusal(work: Promise<unknown>): Promise<SightlineError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SightlineError) return error;
  throw new Error(`Expected a refusal but received ${String(error)}.`);
}

describe('a download', () => {
  it('is there under its name when it is whole, and is not fetched twice', async () => {
    const { server, path, run, left } = await trial();
    const progress: number[] = [];
    expect(await run({ onProgress: (done) => progress.push(done) })).toBe(SHA256);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(progress.at(-1)).toBe(LENGTH);
    await run();
    expect(server.ranges).toEqual(['']);
    expect(left()).toEqual(['model.pth']);
  });

  it('goes on by itself where the connection broke', async () => {
    const { server, path, run, left } = await trial({ cutAfter: HALF }, { cutAfter: 1000 });
    await run();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    // A connection that breaks may take with it what this side had not read yet; never more than was sent.
    expect(server.ranges).toHaveLength(3);
    const [first, ...starts] = server.ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0));
    expect(first).toBe(0);
    for (const [broken, sent] of [HALF, HALF + 1000].entries()) {
      expect(starts[broken]).toBeGreaterThan(0);
      expect(starts[broken]).toBeLessThanOrEqual(sent);
    }
    expect(left()).toEqual(['model.pth']);
  });

  it('keeps what has come when nothing more comes, and goes on the next time', async () => {
    const dead = { cutAfter: 0 };
    const { server, path, part, run } = await trial({ cutAfter: HALF }, dead, dead);
    const error = await refusal(run());
    expect(error.code).toBe('ERR_DOWNLOAD_FAILED');
    expect(error.message).toContain(`The ${HALF} bytes that came are kept; run the command again`);
    expect(readFileSync(part)).toHaveLength(HALF);
    expect(existsSync(path)).toBe(false);
    await run();
    expect(server.ranges.at(-1)).toBe(`bytes=${HALF}-`);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('stops at Ctrl-C with what has come, and goes on the next time', async () => {
    const { server, path, part, run } = await trial();
    const controller = new AbortController();
    const stopped = run({
      signal: controller.signal,
      onProgress: () => controller.abort(new SightlineError('ERR_INTERRUPTED', 'Interrupted.')),
    });
    expect((await refusal(stopped)).code).toBe('ERR_INTERRUPTED');
    const kept = readFileSync(part).length;
    expect(kept).toBeGreaterThan(0);
    await run();
    expect(server.ranges.at(-1)).toBe(`bytes=${kept}-`);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('begins anew where the file is another one meanwhile', async () => {
    const dead = { cutAfter: 0 };
    const { server, path, run } = await trial({ cutAfter: HALF }, dead, dead);
    await refusal(run());
    const other = Buffer.alloc(LENGTH, 'another');
    server.files.set('model.pth', other);
    await run({ sha256: sha256Of(other) });
    expect(readFileSync(path).equals(other)).toBe(true);
  });

  it('begins anew at a server that knows no ranges', async () => {
    const { server, path, run } = await trial({ cutAfter: HALF, plain: true }, { plain: true });
    await run();
    expect(server.ranges).toEqual(['', '']);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('begins anew where another range comes than was asked for', async () => {
    const { server, path, run } = await trial({ cutAfter: HALF }, { earlier: 10 });
    await run({ sha256: undefined });
    expect(server.ranges).toEqual(['', `bytes=${HALF}-`, '']);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('takes a part that is whole already', async () => {
    const { path, part, run } = await trial({ cutAfter: LENGTH, announced: LENGTH + 10 });
    await run();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(existsSync(part)).toBe(false);
  });

  it.each([
    [
      'shorter than announced',
      [1, 2, 3].map(() => ({ announced: LENGTH + 10, cutAfter: LENGTH, plain: true })),
    ],
    ['longer than announced', [{ announced: LENGTH - 10 }]],
  ])('never passes off a body that is %s', async (_name, misbehave: FileServer['misbehave']) => {
    const { path, run } = await trial(...misbehave);
    expect((await refusal(run())).code).toBe('ERR_DOWNLOAD_FAILED');
    expect(existsSync(path)).toBe(false);
  });

  it('sees that a range ends before the length that was announced', async () => {
    const { path, run } = await trial({ cutAfter: HALF }, { announced: LENGTH + 10 });
    const error = await refusal(run({ sha256: undefined }));
    expect(error.message).toContain(`${LENGTH + 10} bytes were announced but ${LENGTH} came`);
    expect(existsSync(path)).toBe(false);
  });

  it('is removed where its content is wrong, and says so', async () => {
    const { run, left } = await trial();
    const wanted = sha256Of(Buffer.from('something else'));
    const error = await refusal(run({ sha256: wanted }));
    expect(error.code).toBe('ERR_DOWNLOAD_FAILED');
    expect(error.message).toContain(`has the SHA-256 ${SHA256}, expected ${wanted}`);
    expect(error.message).toContain('is removed');
    expect(left()).toEqual([]);
  });

  it('checks a file that lies there already', async () => {
    const { path, run, left } = await trial();
    writeFileSync(path, 'a page that says log in');
    expect((await refusal(run())).message).toContain('is removed');
    expect(left()).toEqual([]);
    await run();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it.each([404, 403, 500, 503])('tells a %d of the server, and leaves nothing', async (status) => {
    const { run, left } = await trial({ status });
    const error = await refusal(run());
    expect(error.code).toBe('ERR_DOWNLOAD_FAILED');
    expect(error.message).toMatch(
      new RegExp(`the server answered ${status}.*Check the name and the address`),
    );
    expect(left()).toEqual([]);
  });

  it('says in one sentence that nobody answers', async () => {
    const path = join(temporaryFolder(), 'model.pth');
    // Port 9 is for discarding; nothing listens there.
    const error = await refusal(download({ url: 'http://127.0.0.1:9/model.pth', path }));
    expect(error.code).toBe('ERR_DOWNLOAD_FAILED');
    expect(error.message).toMatch(/could not be downloaded: .+\. Check the network, or use another address/);
  });

  it('is refused before it begins where the disk is too small', async () => {
    const { run, left } = await trial({ announced: 2 ** 52 });
    const error = await refusal(run());
    expect(error.code).toBe('ERR_DISK_FULL');
    expect(error.message).toMatch(/Expected about \d+ MB free .* Free some room/);
    expect(left()).toEqual([]);
  });
});
