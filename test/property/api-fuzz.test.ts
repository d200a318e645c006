/** The API against requests made from its own OpenAPI document: whatever comes, what it answers is what it says it answers. */
import { isAbsolute } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../support/long-run.js';
import { bareEndpoints } from '../support/bare-endpoints.js';
import { type Schema, valueOf } from '../support/schema-arbitrary.js';
import { servedLibrary } from '../support/served-library.js';

const REQUESTS = repetitions(1000, 20_000);
const TOGETHER = 10;
/** Milliseconds after which an answer counts as none: far more than any takes on a busy machine. */
const PATIENCE = 60_000;

const library = servedLibrary(6);

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly type: string | undefined;
  readonly picture: Uint8Array;
}

const endpoints = new Map(bareEndpoints().map((endpoint) => [endpoint.name, endpoint]));
/** Operations that did what was asked: a fuzz that is only ever refused tests nothing. */
const done = new Set<string>();
const operations = new Map<string, Operation>();
let requests: fc.Arbitrary<Sent>;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

function requestsOf(document: Document, pictures: readonly Uint8Array[]): fc.Arbitrary<Sent> {
  const shelf = document.components.schemas;
  const kinds = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): fc.WeightedArbitrary<Sent> => {
      operations.set(operation.operationId, operation);
      const fields = (operation.parameters ?? []).map(
        ({ name, schema }) => [name, valueOf(schema, shelf)] as const,
      );
      const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
      const needed = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      const arbitrary = fc.record({
        method: fc.constant(method.toUpperCase()),
        path: fc.constant(path),
        name: fc.constant(operation.operationId),
        values: fc.record(Object.fromEntries(fields), { requiredKeys: needed }),
        body: media === undefined ? fc.constant(undefined) : valueOf(media.schema, shelf),
        type: fc.constant(type),
        picture: fc.oneof(fc.constantFrom(...pictures), fc.uint8Array({ maxLength: 200 })),
      });
      // What takes a body can be asked in more ways.
      return { arbitrary, weight: media === undefined ? 1 : 4 };
    }),
  );
  return fc.oneof(...kinds).filter(isHarmless);
}

function bodyOf({ type, body, picture }: Sent): {
  body?: string | FormData;
  headers?: Record<string, string>;
} {
  if (type === undefined) return {};
  if (type === 'application/json') {
    return { body: JSON.stringify(body) ?? 'null', headers: { 'content-type': type } };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(body ?? {})) {
    if (name !== 'image') form.set(name, asText(value));
  }
  form.set('image', new Blob([new Uint8Array(picture)]), 'picture');
  return { body: form };
}

/** Of the headers that an operation takes, those that can be sent at all. */
function headersOf({ name: operation, values }: Sent): Record<string, string> {
  const taken = (operations.get(operation)?.parameters ?? []).filter((one) => one.in === 'header');
  return Object.fromEntries(
    taken.flatMap(({ name }) => {
      const value = name in values ? asText(values[name]) : '';
      return /^[\x20-\x7e]+$/.test(value) ? [[name, value]] : [];
    }),
  );
}

function addressOf({ path, name: operation, values }: Sent): string {
  const search = new URLSearchParams();
  let place = path;
  for (const { name, in: where } of operations.get(operation)?.parameters ?? []) {
    if (!(name in values) || where === 'header') continue;
    const value = asText(values[name]);
    if (where === 'path') place = place.replace(`{${name}}`, encodeURIComponent(value) || '%20');
    else search.set(name, value);
  }
  return `${place}?${search.toString()}`;
}

/** To watch a folder is to read it: only the library's own, or what is no path from the root of the disk on. */
function isHarmless({ name, body }: Sent): boolean {
  const path = (body as { readonly path?: unknown } | null | undefined)?.path;
  return name !== 'watchFolder' || typeof path !== 'string' || !isAbsolute(path) || path === library.photos;
}

async function check(sent: Sent): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE);
  const { headers, ...body } = bodyOf(sent);
  const response = await fetch(library.server.url + addressOf(sent), {
    method: sent.method,
    ...body,
    headers: { ...headers, ...headersOf(sent) },
    signal: patience,
  });
  const { status } = response;
  const told = `${sent.method} ${addressOf(sent)} → ${status}`;
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return;
  }
  const text = await response.text();
  // `.` and `..` in an address are resolved by every client, and lead to another endpoint or to none.
  const another = status === 404 && text.includes('ERR_ROUTE_NOT_FOUND');
  if (status >= 500) expect(status, `${told} ${text}`).toBe(503);
  const documented = operations.get(sent.name)?.responses[String(status)];
  expect(documented ?? another, `${told} is not documented`).toBeTruthy();
  if (status >= 400) {
    const problem = JSON.parse(text) as { code: string; detail: string };
    if (!another) expect(documented?.description, told).toContain(`\`${problem.code}\``);
    expect(problem.detail).not.toMatch(/node_modules|SQLITE|\.js:\d/);
    return;
  }
  done.add(sent.name);
  const answer = endpoints.get(sent.name)?.answer;
  if (answer?.type === 'json') {
    const parsed = answer.schema.safeParse(JSON.parse(text));
    expect(parsed.error, told).toBeUndefined();
  }
}

describe('the API', () => {
  beforeAll(async () => {
    const document = (await (await library.get('/api/openapi.json')).json()) as Document;
    const small = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#468' } })
      .jpeg()
      .toBuffer();
    requests = requestsOf(document, [small, small.subarray(0, 100)]);
  });

  it(`answers ${REQUESTS} requests of every kind as its document says`, { timeout: 1_800_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: TOGETHER, maxLength: TOGETHER }), async (together) => {
        await Promise.all(together.map(check));
      }),
      { numRuns: Math.ceil(REQUESTS / TOGETHER), endOnFailure: true },
    );
    expect([...done]).toEqual(expect.arrayContaining(['search', 'item', 'similar', 'thumbnail']));
    expect((await library.get('/readyz')).status).toBe(200);
  });
});
