import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { describe, expect, it } from 'vitest';
import { SESSION_SECONDS } from '#src/api/access.js';
import { SEARCH_LIMITS, UPLOAD_LIMITS } from '#src/api/app.js';
import { MAX_JSON_BYTES, MAX_LARGE_JSON_BYTES } from '#src/api/endpoint-router.js';
import { refusalsOf } from '#src/api/openapi.js';
import { MAX_CONNECTIONS, PATIENCE } from '#src/api/server.js';
import { MAX_PICTURES, MAX_UPLOAD_BYTES } from '#src/api/upload.js';
import { ERRORS } from '#src/core/errors.js';
import { MAX_LIMIT, MAX_OFFSET, MAX_QUERY_CHARACTERS, type SearchEngine } from '#src/engine/mod.js';
import { MAX_QUERY_PARTS, MAX_QUERY_PIXELS } from '#src/engine/query-embedding.js';
import { mcpServer } from '#src/mcp/mod.js';
import { bareEndpoints } from '../support/bare-endpoints.js';

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');
const api = read('api.md');
const security = read('security.md');
const endpoints = bareEndpoints();

const thousands = (count: number): string => count.toLocaleString('en-US');
const kilobytes = (bytes: number): string => `${Math.floor(bytes / 1024)} kB`;
const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MB`;
const ascending = (a: number, b: number): number => a - b;
const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/** Rows of the table below a heading, as their cells. */
function rows(page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => line.slice(2, -2).split(' | '));
}

describe.each([
  ['docs/api.md', api],
  ['docs/security.md', security],
])('%s', (_name, page) => {
  it('names only addresses that there are', () => {
    const routes = new Set(endpoints.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    const paths = new Set(endpoints.map(({ path }) => path));
    for (const [, route = ''] of page.matchAll(/`((?:GET|POST|PUT|DELETE) [^`\s]+)`/g))
      expect(routes).toContain(route);
    for (const [, path = ''] of page.matchAll(/`(\/(?:api|v1|metrics|healthz|readyz)[^`\s]*)`/g))
      expect(paths).toContain(path);
  });

  it('names only error codes that there are', () => {
    for (const [code] of page.matchAll(/\bERR_\w+/g)) expect(Object.keys(ERRORS)).toContain(code);
  });
});

describe('docs/api.md', () => {
  it('says what to do at every status that a refusal can have, and at no other', () => {
    const told = rows(api, 'Refusals').flatMap(([statuses = '']) => statuses.split(', ').map(Number));
    const codes = endpoints.flatMap((endpoint) => refusalsOf(endpoint));
    const real = new Set(codes.map((code) => ERRORS[code].status as number));
    expect(told.toSorted(ascending)).toEqual([...real].toSorted(ascending));
  });

  it('tells the limits as they are', () => {
    expect(rows(api, 'Limits')).toEqual([
      [
        'a body of JSON',
        `${kilobytes(MAX_JSON_BYTES)}; ${megabytes(MAX_LARGE_JSON_BYTES)} for \`/v1/embeddings\` and \`/v1/rerank\``,
      ],
      [
        'uploaded pictures',
        `${MAX_PICTURES}, together ${megabytes(MAX_UPLOAD_BYTES)}, each ${MAX_QUERY_PIXELS / 1e6} megapixels`,
      ],
      ['a text to search by', `${thousands(MAX_QUERY_CHARACTERS)} characters`],
      ['parts of a query', String(MAX_QUERY_PARTS)],
      ['hits in one answer', thousands(MAX_LIMIT)],
      ['hits behind the first, by `offset` or `cursor`', thousands(MAX_OFFSET)],
      ['searches under way, and waiting', `${SEARCH_LIMITS.running} and ${SEARCH_LIMITS.waiting}`],
      ['uploads under way, and waiting', `${UPLOAD_LIMITS.running} and ${UPLOAD_LIMITS.waiting}`],
      ['connections', thousands(MAX_CONNECTIONS)],
    ]);
    const large = endpoints.filter((endpoint) => endpoint.large).map(({ path }) => path);
    expect(large.toSorted()).toEqual(['/v1/embeddings', '/v1/rerank']);
  });

  it('lists what assistants may use', async () => {
    const [here, there] = InMemoryTransport.createLinkedPair();
    // No tool is called, so no engine is needed.
    const server = mcpServer({} as SearchEngine, '0');
    const client = new Client({ name: 'test', version: '0' });
    await Promise.all([server.connect(there), client.connect(here)]);
    const { tools } = await client.listTools();
    const told = rows(api, 'From assistants').map(([name]) => name);
    expect(told).toEqual(tools.map(({ name }) => `\`${name}\``));
    await client.close();
  });
});

describe('docs/security.md', () => {
  it('names the addresses that need more than the right read', () => {
    const table = security.split('\n').filter((line) => /^\| `(?:write|admin)`/.test(line));
    const told = table.flatMap((line) => {
      const scope = /^\| `(\w+)`/.exec(line)?.[1];
      return [...line.matchAll(/`((?:GET|POST|PUT|DELETE) [^`]+)`/g)].map(([, route]) => `${scope} ${route}`);
    });
    const real = endpoints
      .filter(({ scope }) => scope === 'write' || scope === 'admin')
      .map(({ scope, method, path }) => `${scope} ${method.toUpperCase()} ${path}`);
    expect(told.toSorted()).toEqual(real.toSorted());
  });

  it('tells the limits as they are', () => {
    for (const limit of [
      `${megabytes(MAX_UPLOAD_BYTES)} at most`,
      `${MAX_QUERY_PIXELS / 1e6} megapixels at most`,
      `${seconds(PATIENCE.headers)} for the header, ${seconds(PATIENCE.request)} for a request and for a silence`,
      `${thousands(MAX_CONNECTIONS)} connections`,
      `ends after ${SESSION_SECONDS / 86_400} days`,
    ])
      expect(security).toContain(limit);
    expect(PATIENCE.idle).toBe(PATIENCE.request);
  });
});
