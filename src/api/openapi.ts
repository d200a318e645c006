/**
 * The OpenAPI 3.1 document, made from the endpoints and their schemas. OpenAPI 3.1 speaks JSON Schema 2020-12, which zod
 * writes itself; what is left is to gather the named schemas in one place and to say how each endpoint can refuse.
 */
import { z } from 'zod';
import { type ErrorCode, errorKind } from '../core/errors.js';
import type { AnswerShape, Endpoint } from './endpoint.js';
import { REPETITION_HEADER } from './repetitions.js';
import { problemSchema } from './problem.js';
import { MAX_PICTURES } from './upload.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly paths: { readonly [path: string]: { readonly [method: string]: JsonObject } };
  readonly components: { readonly schemas: JsonObject; readonly securitySchemes: JsonObject };
  readonly [name: string]: Json;
}

const PLACE = '#/components/schemas/';
const EXACT = Number.MAX_SAFE_INTEGER;

/** Collects named schemas while others refer to them. */
class SchemaShelf {
  readonly named: Record<string, Json> = {};

  /** @param io whether clients write it (defaults may be left out) or read it */
  place(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const { $schema: _dialect, $defs = {}, ...own } = z.toJSONSchema(schema, { io }) as Record<string, Json>;
    for (const [name, definition] of Object.entries($defs as JsonObject)) {
      this.named[name] = tidy(definition);
    }
    return tidy(own) as JsonObject;
  }
}

/** References into the components; no bounds that only say how far JavaScript counts. */
function tidy(value: Json): Json {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (key === '$ref' && typeof inner === 'string') return [[key, inner.replace('#/$defs/', PLACE)]];
    if (key === 'maximum' && inner === EXACT) return [];
    if (key === 'minimum' && inner === -EXACT) return [];
    return [[key, tidy(inner)]];
  });
  return Object.fromEntries(entries);
}

function parameters(fields: z.ZodType | undefined, place: 'path' | 'query', shelf: SchemaShelf): Json[] {
  if (fields === undefined) return [];
  const { properties = {}, required = [] } = shelf.place(fields, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

const PICTURES = {
  description: 'A picture, or up to four in as many fields of this name.',
  anyOf: [
    { type: 'string', format: 'binary' },
    { type: 'array', items: { type: 'string', format: 'binary' }, maxItems: MAX_PICTURES },
  ],
};

function requestBody({ form, body }: Endpoint, shelf: SchemaShelf): JsonObject {
  if (form === undefined && body === undefined) return {};
  const own = body === undefined ? {} : shelf.place(body, 'input');
  if (form === undefined) {
    return { requestBody: { required: true, content: { 'application/json': { schema: own } } } };
  }
  const { properties = {}, required = [] } = own as { properties?: JsonObject; required?: readonly Json[] };
  const schema = {
    type: 'object',
    properties: { image: PICTURES, ...properties },
    required: ['image', ...required],
    additionalProperties: false,
  };
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
}

const REPETITION: Json = {
  name: REPETITION_HEADER,
  in: 'header',
  required: false,
  description:
    'Names the request: sent again with the same key, it is not done again and gets the first answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const content = (type: string, schema: Json): JsonObject => ({ [type]: { schema } });

function successOf(answer: AnswerShape, shelf: SchemaShelf): JsonObject {
  const binary = { type: 'string', format: 'binary' };
  switch (answer.type) {
    case 'json': {
      const schema = shelf.place(answer.schema, 'output');
      const description = answer.status === 202 ? 'Begun.' : 'Done.';
      return { [String(answer.status)]: { description, content: content('application/json', schema) } };
    }
    case 'events': {
      const schema = shelf.place(answer.schema, 'output');
      const description = 'Server-sent events; the data of each is one JSON value of this schema.';
      return { 200: { description, content: content('text/event-stream', schema) } };
    }
    case 'media': {
      const types = answer.contentTypes.map((type) => [type, { schema: binary }] as const);
      return {
        200: { description: 'The bytes.', content: Object.fromEntries(types) },
        206: { description: 'The bytes of the range.', content: Object.fromEntries(types) },
        304: { description: 'The client has these bytes.' },
      };
    }
    case 'text':
      return { 200: { description: 'Done.', content: content(answer.contentType, { type: 'string' }) } };
    default:
      return {};
  }
}

const RIGHTS: readonly ErrorCode[] = ['ERR_KEY_REQUIRED', 'ERR_SCOPE_MISSING', 'ERR_RATE_LIMITED'];
const LOAD: readonly ErrorCode[] = ['ERR_OVERLOADED'];

/** Codes of an endpoint, its own and those that come with what it takes. */
export function refusalsOf({
  scope,
  heavy,
  once,
  form,
  body,
  answer,
  errors,
  pathFields,
}: Endpoint): ErrorCode[] {
  const codes = new Set<ErrorCode>(errors);
  const add = (...more: readonly ErrorCode[]): void => more.forEach((code) => codes.add(code));
  add('ERR_REQUEST_INVALID', 'ERR_HOST_REFUSED', 'ERR_ORIGIN_REFUSED', 'ERR_KEY_UNKNOWN');
  add('ERR_ENGINE_CLOSED', 'ERR_INTERNAL');
  if (scope !== 'public') add(...RIGHTS);
  if (heavy) add(...LOAD);
  if (once) add('ERR_REPETITION_DIFFERS');
  if (form !== undefined || body !== undefined) add('ERR_UPLOAD_TOO_LARGE');
  if (answer.type === 'media') add('ERR_RANGE_INVALID');
  if (pathFields !== undefined) add('ERR_ROUTE_NOT_FOUND');
  return [...codes];
}

function problemsOf(endpoint: Endpoint, shelf: SchemaShelf): JsonObject {
  const codes = refusalsOf(endpoint);
  const schema = shelf.place(problemSchema, 'output');
  const statuses = [...new Set(codes.map((code) => errorKind(code).status))].toSorted((a, b) => a - b);
  const responses = statuses.map((status) => {
    const own = codes.filter((code) => errorKind(code).status === status);
    const description = own.map((code) => `\`${code}\`: ${errorKind(code).title}.`).join(' ');
    return [String(status), { description, content: { 'application/problem+json': { schema } } }] as const;
  });
  return Object.fromEntries(responses);
}

function operation(endpoint: Endpoint, shelf: SchemaShelf): JsonObject {
  const { name, group, summary, description, scope, once, pathFields, queryFields } = endpoint;
  const fields = [
    ...parameters(pathFields, 'path', shelf),
    ...parameters(queryFields, 'query', shelf),
    ...(once ? [REPETITION] : []),
  ];
  return {
    operationId: name,
    tags: [group],
    summary,
    ...(description !== '' && { description }),
    ...(fields.length > 0 && { parameters: fields }),
    ...requestBody(endpoint, shelf),
    responses: { ...successOf(endpoint.answer, shelf), ...problemsOf(endpoint, shelf) },
    ...(scope === 'public' ? { security: [] } : { 'x-scope': scope }),
  };
}

export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiDocument {
  const shelf = new SchemaShelf();
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method] = operation(endpoint, shelf);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline',
      description: 'Search your own photos by what they show.',
      // Of the API, not of the program: it changes when a request that worked no longer would.
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{}, { bearer: [] }, { key: [] }, { session: [] }],
    paths,
    components: {
      schemas: shelf.named,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        session: { type: 'apiKey', in: 'cookie', name: 'sightline_session' },
      },
    },
  };
}
