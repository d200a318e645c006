/** The API's own description: the OpenAPI document, and the same as a page that people read. No script, no other host. */
import { type Endpoint, textEndpoint } from './endpoint.js';
import { MANUAL_STYLE } from './manual-style.js';
import { type Json, type OpenApiDocument } from './openapi.js';

type JsonObject = { readonly [name: string]: Json };

const escape = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const words = (value: Json | undefined): string => (typeof value === 'object' ? '' : String(value ?? ''));

const object = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** A schema in few words: `integer, 1…1000, default 20`. */
function schemaText(schema: JsonObject): string {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const parts: string[] = [];
  if (Array.isArray(schema['enum']))
    parts.push(schema['enum'].map((value) => escape(words(value))).join(' | '));
  else if (schema['type'] === 'array') parts.push(`list of ${schemaText(object(schema['items']))}`);
  else if (Array.isArray(schema['anyOf'])) {
    parts.push(schema['anyOf'].map((one) => schemaText(object(one))).join(' or '));
  } else parts.push([schema['type'] ?? 'anything'].flat().map(words).join(' or '));
  const { minimum, exclusiveMinimum, maximum, default: usual } = schema;
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `above ${words(exclusiveMinimum)}`);
  if (least !== undefined || maximum !== undefined) parts.push(`${words(least)}…${words(maximum)}`);
  if (usual !== undefined) parts.push(`default ${escape(JSON.stringify(usual))}`);
  return parts.join(', ');
}

function row(name: string, schema: JsonObject, needed: boolean, description: Json | undefined): string {
  const mark = needed ? '' : ' <small>optional</small>';
  return `<tr><td><code>${escape(name)}</code>${mark}</td><td>${schemaText(schema)}</td><td>${escape(words(description))}</td></tr>`;
}

function fieldsTable(schema: JsonObject): string {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const rows = Object.entries(object(schema['properties'])).map(([name, value]) =>
    row(name, object(value), required.includes(name), object(value)['description']),
  );
  return rows.length === 0 ? `<p>${schemaText(schema)}</p>` : `<table>${rows.join('')}</table>`;
}

function bodySection(body: JsonObject): string {
  const [entry] = Object.entries(object(body['content']));
  if (entry === undefined) return '';
  const [type, media] = entry;
  const schema = object(object(media)['schema']);
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'].map(object) : [schema];
  const tables = parts.map((part) => ('$ref' in part ? `<p>${schemaText(part)}</p>` : fieldsTable(part)));
  return `<h4>Body <small>${escape(type)}</small></h4>${tables.join('')}`;
}

function operationSection(method: string, path: string, operation: JsonObject): string {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].map(object) : [];
  const rows = parameters.map((one) =>
    row(words(one['name']), object(one['schema']), one['required'] === true, one['description']),
  );
  const answers = Object.entries(object(operation['responses'])).map(([status, answer]) => {
    const [media] = Object.values(object(object(answer)['content']));
    const schema = object(object(media)['schema']);
    const shown = Number(status) < 300 && Object.keys(schema).length > 0 ? schemaText(schema) : '';
    return `<tr><td><code>${status}</code></td><td>${shown}</td><td>${escape(words(object(answer)['description']))}</td></tr>`;
  });
  const scope = operation['x-scope'];
  return `<section id="${escape(words(operation['operationId']))}">
<h3><code class="method">${method.toUpperCase()}</code> <code>${escape(path)}</code></h3>
<p>${escape(words(operation['summary']))}. ${escape(words(operation['description']))}
${typeof scope === 'string' ? `<small>Right: ${scope}.</small>` : '<small>Open to everybody.</small>'}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${bodySection(object(operation['requestBody']))}
<details><summary>Answers</summary><table>${answers.join('')}</table></details>
</section>`;
}

function manualPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const groups = [...new Set(operations.map(({ operation }) => words(object(operation)['tags'])))];
  const links = operations.map(
    ({ method, path, operation }) =>
      `<li><a href="#${words(operation['operationId'])}"><code>${method.toUpperCase()} ${escape(path)}</code></a></li>`,
  );
  const sections = groups.map((group) => {
    const own = operations.filter(({ operation }) => words(operation['tags']) === group);
    const parts = own.map(({ method, path, operation }) => operationSection(method, path, operation));
    return `<h2>${group[0]?.toUpperCase()}${group.slice(1)}</h2>${parts.join('')}`;
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<section id="schema-${name}"><h3>${name}</h3>${fieldsTable(object(schema))}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sightline API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/api/docs.css"></head>
<body><header><h1>Sightline API</h1>
<p>The same for programs: <a href="/api/openapi.json">openapi.json</a>, OpenAPI 3.1. The search page is at <a href="/">/</a>.</p></header>
<nav aria-label="Endpoints"><ul>${links.join('')}</ul></nav>
<main>${sections.join('')}<h2>Schemas</h2>${schemas.join('')}</main>
</body></html>`;
}

/** @param document made when it is asked for: it describes these endpoints as well */
export function manualEndpoints(document: () => OpenApiDocument): readonly Endpoint[] {
  return [
    textEndpoint({
      method: 'get',
      path: '/api/openapi.json',
      name: 'openApi',
      group: 'service',
      summary: 'this API as an OpenAPI 3.1 document',
      scope: 'public',
      contentType: 'application/json',
      handle: () => JSON.stringify(document()),
    }),
    textEndpoint({
      method: 'get',
      path: '/api/docs',
      name: 'manual',
      group: 'service',
      summary: 'the same as a page for people',
      scope: 'public',
      contentType: 'text/html; charset=utf-8',
      handle: () => manualPage(document()),
    }),
    textEndpoint({
      method: 'get',
      path: '/api/docs.css',
      name: 'manualStyle',
      group: 'service',
      summary: 'how that page looks',
      scope: 'public',
      contentType: 'text/css; charset=utf-8',
      handle: () => MANUAL_STYLE,
    }),
  ];
}
