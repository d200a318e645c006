import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '#src/api/mod.js';
import { ERRORS } from '#src/core/errors.js';
import { bareEndpoints } from '../support/bare-endpoints.js';

const FILE = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

const endpoints = bareEndpoints();
const document = openApiDocument(endpoints);

/** Every value below `value` that stands under the name `key`. */
function under(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...under(inner, key),
  ]);
}

describe('docs/openapi.json', () => {
  it('is what the code says; UPDATE_OPENAPI=1 writes it anew', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env['UPDATE_OPENAPI']) writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  it('refers only to schemas that it holds', () => {
    const names = Object.keys(document.components.schemas);
    for (const reference of under(document, '$ref')) {
      expect(names).toContain(String(reference).replace('#/components/schemas/', ''));
    }
  });

  it('gives every operation a name of its own, a summary and a way to fail', () => {
    const names = endpoints.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, method, summary } of endpoints) {
      expect(summary).toMatch(/^\S.*[^.]$/);
      expect(Object.keys(document.paths[path]?.[method]?.['responses'] ?? {})).toContain('500');
    }
  });

  it('declares only errors of the one table', () => {
    for (const { errors } of endpoints)
      expect(Object.keys(ERRORS)).toEqual(expect.arrayContaining([...errors]));
  });
});
