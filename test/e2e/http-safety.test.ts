import { describe, expect, it } from 'vitest';
import { createApp, listen } from '#src/api/mod.js';
import { KeyRing } from '#src/engine/mod.js';
import { runCommand, serverAddress, signalGroup, startCommand } from '../support/command-line.js';
import { rawRequest } from '../support/raw-request.js';
import { expectProblem, servedLibrary, WEB_FOLDER } from '../support/served-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let keys: KeyRing;
const library = servedLibrary(3, (dataDir) => {
  keys = new KeyRing(dataDir);
  return { keys, anonymous: null, rateLimit: 40, hostNames: ['photos.example'] };
});
const { get, post } = library;

const codeOf = ({ body }: { readonly body: string }): string => (JSON.parse(body) as { code: string }).code;
let made = 0;
const fresh = (scope: 'read' | 'write' | 'admin'): { name: string; key: string } => {
  const name = `key-${++made}`;
  return { name, key: keys.add(name, scope) };
};

describe('keys', () => {
  it('are needed for everything but health, signing in and the page', async () => {
    await expectProblem(await get('/api/status'), 401, 'ERR_KEY_REQUIRED');
    await expectProblem(await post('/api/search', { text: 'a dog' }), 401, 'ERR_KEY_REQUIRED');
    await expectProblem(await get('/api/items/1/thumbnail'), 401, 'ERR_KEY_REQUIRED');
    for (const path of ['/healthz', '/', '/api/session', '/api/docs']) {
      expect((await get(path)).status).toBe(200);
    }
  });

  it('are taken as Bearer and as x-api-key, in whole only', async () => {
    const { key } = fresh('read');
    expect((await get('/api/status', { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await get('/api/status', { 'x-api-key': key })).status).toBe(200);
    for (const wrong of [key.slice(0, -1), `${key}x`, key.toUpperCase(), 'x']) {
      await expectProblem(await get('/api/status', { 'x-api-key': wrong }), 401, 'ERR_KEY_UNKNOWN');
    }
  });

  it('open nothing once they are revoked, and neither do their sessions', async () => {
    const { name, key } = fresh('read');
    const opened = await post('/api/session', { key });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await get('/api/status', { cookie })).status).toBe(200);
    keys.revoke(name);
    await expectProblem(await get('/api/status', { 'x-api-key': key }), 401, 'ERR_KEY_UNKNOWN');
    await expectProblem(await get('/api/status', { cookie }), 401, 'ERR_KEY_REQUIRED');
  });
});

describe('sightline serve', () => {
  it('does not open to others without a key, unless that is said aloud', async () => {
    const folder = temporaryFolder();
    const serve = ['serve', '--host', '0.0.0.0', '--port', '0'];
    const refused = await runCommand(serve, folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/sightline keys add NAME.*--insecure/);
    const proxied = await runCommand(['serve', '--port', '0', '--allow-host', 'photos.example'], folder);
    expect(proxied.code).toBe(2);

    const insecure = startCommand([...serve, '--insecure'], folder);
    const open = (await serverAddress(insecure)).replace('0.0.0.0', '127.0.0.1');
    expect(await (await fetch(`${open}/api/session`)).json()).toEqual({ name: null, scope: 'read' });
    signalGroup(insecure, 'SIGTERM');
    expect((await insecure.ended).stderr).toMatch(/Everybody who reaches this address/);

    const key = (await runCommand(['keys', 'add', 'phone', '--scope', 'write'], folder)).stdout.trim();
    const closed = startCommand(serve, folder);
    const address = (await serverAddress(closed)).replace('0.0.0.0', '127.0.0.1');
    await expectProblem(await fetch(`${address}/api/status`), 401, 'ERR_KEY_REQUIRED');
    expect((await fetch(`${address}/api/status`, { headers: { 'x-api-key': key } })).status).toBe(200);
    const revoked = await runCommand(['keys', 'revoke', 'phone'], folder);
    expect(revoked.stdout).toContain('phone');
    expect((await fetch(`${address}/api/status`, { headers: { 'x-api-key': key } })).status).toBe(401);
    signalGroup(closed, 'SIGTERM');
    await closed.ended;
  });
});

describe('sessions', () => {
  it('are cookies that scripts cannot read and other sites cannot send', async () => {
    const { key, name } = fresh('write');
    const opened = await post('/api/session', { key });
    expect(await opened.json()).toEqual({ name, scope: 'write' });
    const set = opened.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    expect(set).not.toContain(key);
    const cookie = set.split(';')[0] ?? '';
    expect(await (await get('/api/session', { cookie })).json()).toEqual({ name, scope: 'write' });
    const closed = await fetch(`${library.server.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie },
    });
    expect(closed.headers.get('set-cookie')).toMatch(/sightline_session=;/);
  });

  it('cannot be forged, nor made longer', async () => {
    const { key } = fresh('read');
    const cookie = (await post('/api/session', { key })).headers.get('set-cookie')?.split(';')[0] ?? '';
    const [name, end, mark] = cookie.split('~') as [string, string, string];
    for (const forged of [`${name}~${Number(end) + 1}~${mark}`, `${name}~${end}~`, `${name}~${end}`, name]) {
      await expectProblem(await get('/api/status', { cookie: forged }), 401, 'ERR_KEY_REQUIRED');
    }
    await expectProblem(await post('/api/session', { key: 'sightline_wrong' }), 401, 'ERR_KEY_UNKNOWN');
  });
});

describe('foreign pages', () => {
  it('cannot reach the server under a name of theirs (DNS rebinding)', async () => {
    const ask = (host: string): Promise<{ status: number; body: string }> =>
      rawRequest(`${library.server.url}/api/session`, { headers: { host } });
    for (const host of ['evil.example', 'evil.example:80', 'localhost.evil.example']) {
      const refused = await ask(host);
      expect(refused.status, host).toBe(403);
      expect(codeOf(refused)).toBe('ERR_HOST_REFUSED');
    }
    for (const host of ['localhost:7280', '127.0.0.1', '[::1]:80', 'photos.example', 'PHOTOS.example:443']) {
      expect((await ask(host)).status, host).toBe(200);
    }
  });

  it('cannot use a visitor’s rights (CSRF)', async () => {
    const { host } = new URL(library.server.url);
    const ask = (
      headers: Record<string, string>,
      method = 'DELETE',
    ): Promise<{ status: number; body: string }> =>
      rawRequest(`${library.server.url}/api/session`, { method, headers: { host, ...headers } });
    for (const origin of [
      'https://evil.example',
      'http://localhost:1',
      'null',
      `https://${host}.evil.example`,
    ]) {
      const refused = await ask({ origin });
      expect(refused.status, origin).toBe(403);
      expect(codeOf(refused)).toBe('ERR_ORIGIN_REFUSED');
    }
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'same-site' }, 'GET')).status).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'GET')).status).toBe(
      200,
    );
    expect((await ask({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
  });
});

describe('limits', () => {
  it('count the requests of each key, and say what is left', async () => {
    const busy = fresh('read').key;
    const quiet = fresh('read').key;
    const first = await get('/api/status', { 'x-api-key': busy });
    expect(first.headers.get('ratelimit')).toMatch(/r=39/);
    const answers = await Promise.all(
      Array.from({ length: 45 }, () => get('/api/status', { 'x-api-key': busy })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(6);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectProblem(refused[0] as Response, 429, 'ERR_RATE_LIMITED');
    expect((await get('/api/status', { 'x-api-key': quiet })).status).toBe(200);
  });

  it('refuse at once what is too much, and do the rest', async () => {
    const app = createApp(library.engine, {
      version: '0',
      webFolder: WEB_FOLDER,
      admission: { running: 1, waiting: 2 },
    });
    await using server = await listen(app, '127.0.0.1', 0);
    const asked = Array.from({ length: 20 }, (_, place) =>
      fetch(`${server.url}/api/search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: `a dog and ${place} cats` }),
      }),
    );
    const answers = await Promise.all(asked);
    const done = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 503);
    expect(done.length + refused.length).toBe(20);
    expect(done.length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    for (const answer of refused) {
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      await expectProblem(answer, 503, 'ERR_OVERLOADED');
    }
    // Whoever comes back is served.
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
