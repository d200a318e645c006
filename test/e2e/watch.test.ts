import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, runCommand, serverAddress, signalGroup, startCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { writePhotos } from '../support/distinct-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { photos: drawn } = demoPhotos(24);

interface Place {
  readonly dataDir: string;
  readonly photos: string;
}

function place(): Place {
  const root = temporaryFolder();
  const photos = join(root, 'photos');
  mkdirSync(photos);
  return { dataDir: join(root, 'library'), photos };
}

async function photosIn(dataDir: string): Promise<number> {
  const { code, stdout } = await runCommand(['stats', '--json'], dataDir);
  if (code !== 0) return 0;
  return (JSON.parse(stdout) as { library: { items: { photo: number } } }).library.items.photo;
}

describe('sightline watch', () => {
  it('follows a folder until SIGTERM, remembers it, and goes on from there', async () => {
    const { dataDir, photos } = place();
    await writePhotos(photos, 0, 3);
    const running = startCommand(['watch', photos], dataDir);
    onTestFinished(() => signalGroup(running, 'SIGKILL'));
    await eventually(async () => (await photosIn(dataDir)) === 3 || undefined);
    await writePhotos(join(photos, 'new'), 3, 5);
    await eventually(async () => (await photosIn(dataDir)) === 5 || undefined);
    running.process.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`Watching ${photos}`) as string });
    // Nobody looks on: what it logs is for programs.
    expect(ended.stderr).toMatch(/^\{.*"added":3.*"msg":"ingested"\}$/m);

    await writePhotos(photos, 5, 6);
    const once = await runCommand(['watch', '--once', '--json'], dataDir);
    expect(once.code).toBe(0);
    expect(JSON.parse(once.stdout)).toMatchObject({ added: 1, unchanged: 5 });
    expect((await runCommand(['watch', '--forget', photos], dataDir)).code).toBe(0);
    const none = await runCommand(['watch', '--once'], dataDir);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sightline watch FOLDER') as string,
    });
  });

  it('refuses what is no folder', async () => {
    const { dataDir, photos } = place();
    const [file = ''] = await writePhotos(photos, 0, 1);
    expect((await runCommand(['watch', file], dataDir)).stderr).toContain('[ERR_PATH_NOT_FOUND]');
    expect((await runCommand(['watch', join(photos, 'no')], dataDir)).code).toBe(2);
  });
});

describe('sightline failures', () => {
  it('tells what could not be read, and tries again when asked', async () => {
    const { dataDir, photos } = place();
    writeFileSync(join(photos, 'bad.jpg'), 'not a picture');
    expect((await runCommand(['ingest', photos], dataDir)).code).toBe(3);
    const told = await runCommand(['failures'], dataDir);
    expect(told.stdout).toMatch(/1 +when it changes +ERR_IMAGE_UNREADABLE +.*bad\.jpg/);
    const retried = await runCommand(['failures', '--retry', photos, '--json'], dataDir);
    expect(retried.code).toBe(3);
    expect(JSON.parse((await runCommand(['failures', '--json'], dataDir)).stdout)).toMatchObject({
      total: 1,
      failures: [{ path: join(photos, 'bad.jpg'), count: 2, nextTry: null }],
    });
  });
});

interface Progress {
  readonly ingest: { readonly done: number; readonly total: number | null };
  readonly freshness: { readonly watching: boolean };
}

/** Server-sent events, one by one. */
async function* eventsFrom(url: string, signal: AbortSignal): AsyncGenerator<Progress> {
  const { body } = await fetch(url, { signal });
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith('data: ')) yield JSON.parse(part.slice('data: '.length)) as Progress;
    }
  }
}

describe('sightline serve', () => {
  it('watches its folders, says how fresh answers are, tells what goes on, and keeps a ledger', async () => {
    const { dataDir, photos } = place();
    const names = readdirSync(drawn).filter((name) => name.endsWith('.jpg'));
    const [late = '', ...early] = names;
    for (const name of early) copyFileSync(join(drawn, name), join(photos, name));
    writeFileSync(join(photos, 'bad.jpg'), 'not a picture');
    const running = startCommand(['serve', photos, '--port', '0'], dataDir);
    onTestFinished(() => signalGroup(running, 'SIGKILL'));
    const url = await serverAddress(running);
    const json = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> => {
      const response = await fetch(url + path, init);
      return (await response.json()) as Record<string, unknown>;
    };
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    for await (const { ingest, freshness } of eventsFrom(`${url}/api/events`, leaving.signal)) {
      if (freshness.watching && ingest.done === names.length) break;
    }
    copyFileSync(join(drawn, late), join(photos, 'late.jpg'));
    await eventually(async () => {
      const { items } = (await json('/api/status')) as { items: { photo: number } };
      return items.photo === names.length || undefined;
    });
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const answer = await json('/api/search', { ...post, body: '{"text": "a house", "limit": 1}' });
    expect(answer).toMatchObject({
      freshness: { watching: true, pending: 0, lastReconciled: expect.any(String) as string },
      hits: [{ placeholder: expect.stringMatching(/^[A-Za-z0-9+/]{20,}=*$/) as string }],
    });
    expect(await json('/api/status')).toMatchObject({
      watched: [{ path: photos, mode: 'events', problem: null }],
    });
    expect(await json('/api/failures')).toMatchObject({ total: 1, failures: [{ count: 1 }] });
    expect(await json('/api/failures/retry', { ...post, body: '{}' })).toEqual({ tried: 1, failed: 1 });
    expect(await json('/api/ingest/pause', post)).toMatchObject({ ingest: { paused: true } });
    expect(await json('/api/ingest/resume', post)).toMatchObject({ ingest: { paused: false } });
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
