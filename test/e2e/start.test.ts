import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  eventually,
  runCommand,
  serverAddress,
  signalGroup,
  startCommand,
  startNpm,
} from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { photos } = demoPhotos(16);

interface Status {
  items: { photo: number; caption: number };
  ingest: { running: boolean };
}

const json = async <T>(url: string, body?: object): Promise<T> => {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  return (await (await fetch(url, init)).json()) as T;
};

const settled = (url: string, atLeast: number): Promise<Status> =>
  eventually(async () => {
    const status = await json<Status>(`${url}/api/status`);
    return status.items.photo >= atLeast && !status.ingest.running ? status : undefined;
  });

describe('npm start', () => {
  it('draws the demo into an empty library, serves it, and stops when it is told to', async () => {
    const dataDir = temporaryFolder();
    const running = startNpm(['start', '--', '--port', '0'], dataDir);
    onTestFinished(() => signalGroup(running, 'SIGKILL'));
    const url = await serverAddress(running);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await settled(url, 240)).toMatchObject({ items: { photo: 240, caption: 240 } });
    const { hits } = await json<{ hits: object[] }>(`${url}/api/search`, {
      text: 'a boat in a storm',
      limit: 12,
    });
    expect(hits).toHaveLength(12);
    signalGroup(running, 'SIGINT');
    await running.ended;
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('serve', () => {
  it('reads a folder and serves; others may search meanwhile but not write', async () => {
    const dataDir = temporaryFolder();
    const running = startCommand(['serve', photos, '--port', '0'], dataDir);
    onTestFinished(() => signalGroup(running, 'SIGKILL'));
    const url = await serverAddress(running);
    await settled(url, 16);
    const search = await runCommand(['search', 'a boat', '--json', '--limit', '3'], dataDir);
    expect(JSON.parse(search.stdout)).toMatchObject({ total: 16, hits: { length: 3 } });
    const second = await runCommand(['ingest', photos, '--json'], dataDir);
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({
      error: {
        code: 'ERR_LIBRARY_LOCKED',
        message: expect.stringContaining(`process ${running.process.pid}`) as string,
      },
    });
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect((await runCommand(['ingest', photos, '--json'], dataDir)).code).toBe(0);
  });

  it('lets real photos take the place of the demo', async () => {
    const dataDir = temporaryFolder();
    const demo = startCommand(['serve', '--demo', '--port', '0'], dataDir);
    onTestFinished(() => signalGroup(demo, 'SIGKILL'));
    await settled(await serverAddress(demo), 240);
    demo.process.kill('SIGTERM');
    await demo.ended;
    const { code } = await runCommand(['ingest', join(photos, 'scene-001.jpg')], dataDir);
    expect(code).toBe(0);
    const { stdout } = await runCommand(['stats', '--json'], dataDir);
    // The one photo has the content of a demo scene: it stays, the others make way.
    expect(JSON.parse(stdout)).toMatchObject({ library: { items: { photo: 1, caption: 0 } } });
  });

  it('says what to do when the port is taken', async () => {
    const first = startCommand(['serve', '--port', '0'], temporaryFolder());
    onTestFinished(() => signalGroup(first, 'SIGKILL'));
    const { port } = new URL(await serverAddress(first));
    const { code, stderr } = await runCommand(['serve', '--port', port], temporaryFolder());
    expect(stderr).toContain('Choose another --port');
    expect(code).toBe(1);
  });
});
