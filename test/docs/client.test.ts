import { describe, expect, it } from 'vitest';
import { openApiDocument } from '#src/api/mod.js';
import { OPERATIONS } from '#src/client/operations.js';
import { bareEndpoints } from '../support/bare-endpoints.js';

const endpoints = bareEndpoints();

describe('the client', () => {
  it('has its operations where the OpenAPI document has them', () => {
    const { paths } = openApiDocument(endpoints);
    for (const [name, [method, path]] of Object.entries(OPERATIONS)) {
      expect(paths[path]?.[method.toLowerCase()], name).toMatchObject({ operationId: name });
    }
  });

  it('has every operation but those of the service itself: sessions, documents, health', () => {
    const names = endpoints.filter(({ group }) => group !== 'service').map(({ name }) => name);
    expect(Object.keys(OPERATIONS).toSorted()).toEqual(names.toSorted());
  });
});
