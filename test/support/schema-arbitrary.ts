/** Values that fit a JSON schema, and now and then do not: what a fuzz of an API sends. */
import fc from 'fast-check';

export type Schema = { readonly [name: string]: unknown };
type Shelf = Readonly<Record<string, Schema>>;

const STRANGE = [
  '',
  ' ',
  '../../etc/passwd',
  "'; DROP TABLE items; --",
  '\0',
  '😀'.repeat(50),
  'NaN',
  '-1',
  '[]',
  'x'.repeat(3000),
];
const strangeText = fc.constantFrom(...STRANGE);
const junk: fc.Arbitrary<unknown> = fc.oneof(
  strangeText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);

const mostly = <T>(usual: fc.Arbitrary<T>, share = 40): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: share, arbitrary: usual }, { weight: 1, arbitrary: junk });

const number = (schema: Schema, fallback: number): fc.Arbitrary<number> => {
  const least = Number(schema['minimum'] ?? Number(schema['exclusiveMinimum'] ?? -1) + 1);
  const most = Number(schema['maximum'] ?? fallback);
  // Ids of a small library lie near the least.
  return fc.oneof(
    fc.integer({ min: least, max: Math.min(most, least + 8) }),
    fc.integer({ min: least, max: most }),
  );
};

const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a dog', 'a red car in the snow', 'night', 'two boats'),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  strangeText,
);

/** Schemas may hold themselves (a filter of filters): references are followed this far, and nonsense stands at the end. */
const DEPTH = 3;
/** Optional fields of most objects. */
const FEW = 3;

function record(schema: Schema, shelf: Shelf, depth: number): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = (schema['required'] ?? []) as readonly string[];
  const entries = Object.entries(properties).map(
    ([name, inner]) => [name, valueOf(inner, shelf, depth)] as const,
  );
  const anyOf = fc.record(Object.fromEntries(entries), { requiredKeys: [...required] });
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  // Few fields at a time: of many, one is always wrong beside another, and nothing would ever be done.
  const few = fc
    .tuple(
      fc.record(Object.fromEntries(entries)),
      fc.subarray(optional, { maxLength: Math.min(FEW, optional.length) }),
    )
    .map(([all, chosen]) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => required.includes(name) || chosen.includes(name)),
      ),
    );
  const known = fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: anyOf });
  // The odd unknown field.
  return fc.oneof(
    { weight: 20, arbitrary: known },
    {
      weight: 1,
      arbitrary: fc.tuple(known, fc.string(), junk).map(([own, name, value]) => ({ ...own, [name]: value })),
    },
  );
}

function exact(schema: Schema, shelf: Shelf, depth: number): fc.Arbitrary<unknown> {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    if (depth === 0) return junk;
    return exact(shelf[reference.replace('#/components/schemas/', '')] ?? {}, shelf, depth - 1);
  }
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one) => valueOf(one as Schema, shelf, depth)));
  switch (schema['type']) {
    case 'string':
      return text;
    case 'integer':
      return number(schema, 2 ** 40);
    case 'number':
      return fc.oneof(number(schema, 1000), fc.double({ min: 0.001, max: 10, noNaN: true }));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueOf((schema['items'] ?? {}) as Schema, shelf, depth), { maxLength: 3 });
    case 'object':
      return record(schema, shelf, depth);
    default:
      return junk;
  }
}

export function valueOf(schema: Schema, shelf: Shelf, depth: number = DEPTH): fc.Arbitrary<unknown> {
  return mostly(exact(schema, shelf, depth));
}
