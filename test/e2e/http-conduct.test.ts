import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { expectProblem, servedLibrary } from '../support/served-library.js';

const library = servedLibrary(4);
const { get, post } = library;

interface Hit {
  readonly originalUrl: string;
}

describe('media', () => {
  const media = async (headers: Record<string, string> = {}): Promise<Response> => {
    const [hit] = (
      (await (await post('/api/search', { text: 'a boat', limit: 1 })).json()) as { hits: [Hit] }
    ).hits;
    // Node's fetch asks for fresh bytes beside a condition, unless it is told otherwise.
    return get(hit.originalUrl, { 'cache-control': 'max-age=0', ...headers });
  };

  it('are not sent again to who has them', async () => {
    const etag = (await media()).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const again = await media({ 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect((await again.arrayBuffer()).byteLength).toBe(0);
    expect((await media({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('are sent in part', async () => {
    const whole = Buffer.from(await (await media()).arrayBuffer());
    const part = await media({ range: 'bytes=10-19' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 10-19/${whole.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(10, 20));
    const end = await media({ range: 'bytes=-5' });
    expect(Buffer.from(await end.arrayBuffer())).toEqual(whole.subarray(-5));
    expect((await media({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    const beyond = await media({ range: 'bytes=999999999-' });
    expect(beyond.headers.get('etag')).toBeNull();
    expect(beyond.headers.get('cache-control')).toBe('no-store');
    await expectProblem(beyond, 416, 'ERR_RANGE_INVALID');
  });
});

describe('every answer', () => {
  it('carries the name that the request was given, or one of its own', async () => {
    const named = await fetch(`${library.server.url}/healthz`, {
      headers: { 'x-request-id': 'my-request-7' },
    });
    expect(named.headers.get('x-request-id')).toBe('my-request-7');
    const forged = await fetch(`${library.server.url}/healthz`, { headers: { 'x-request-id': 'a b\tc' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const problem = await get('/api/items/999999');
    expect(await problem.json()).toMatchObject({ requestId: problem.headers.get('x-request-id') });
  });

  it.each(['gzip', 'br'])('is compressed by %s where that was asked for', async (encoding) => {
    const { port } = new URL(library.server.url);
    const headers = { 'accept-encoding': encoding };
    const received = await new Promise<string | undefined>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path: '/api/openapi.json', headers }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      })
        .on('error', reject)
        .end();
    });
    expect(received).toBe(encoding);
  });

  it('to a body that is not JSON says what was expected', async () => {
    const body = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"text":"a dog"}' };
    await expectProblem(await fetch(`${library.server.url}/api/search`, body), 400, 'ERR_REQUEST_INVALID');
  });
});

describe('the API tells about itself', () => {
  it('as OpenAPI and as a page, from this server alone', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    const page = await get('/api/docs');
    const html = await page.text();
    for (const path of Object.keys(document.paths)) expect(html).toContain(`<code>${path}</code>`);
    expect(html).not.toMatch(/<script|style=|https?:/);
    expect((await get('/api/docs.css')).headers.get('content-type')).toContain('text/css');
  });
});
