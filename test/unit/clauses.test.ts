import { describe, expect, it } from 'vitest';
import { termsOf } from '#src/engine/rerank/clause-terms.js';
import { parseQuery } from '#src/engine/rerank/clauses.js';

const counters = (text: string): [string, readonly string[]][] =>
  parseQuery(text).clauses.map(({ kind, counters: list }) => [kind, list]);

describe('parseQuery', () => {
  it.each([
    ['a table without a lamp', 'a table', ['a lamp']],
    ['A beach, but no people.', 'A beach', ['people']],
    ['a street with no cars and no people', 'a street', ['cars', 'people']],
    ['a dog but not on grass', 'a dog', ['on grass']],
  ])('%s: looks for %s', (text, positive, absent) => {
    expect(parseQuery(text)).toEqual({
      positive,
      clauses: absent.map((what) => ({ kind: 'negation', counters: [what] })),
    });
  });

  it.each([
    ['a dog chasing a man', [['relation', ['a man chasing a dog']]]],
    ['the cat is behind the box', [['relation', ['the box behind the cat']]]],
    ['two cats', [['count', ['one cats', 'three cats']]]],
    ['a red cube and a blue ball', [['colour', ['a blue cube and a red ball']]]],
  ])('%s', (text, wanted) => {
    expect(counters(text)).toEqual(wanted);
  });

  it.each(['a boat at night', 'two', 'no dogs', 'a girl in the snow on a hill', 'a dog behind a dog', ''])(
    'has nothing to swap or to leave out: %s',
    (text) => {
      const { positive, clauses } = parseQuery(text);
      expect(positive).toBe(text);
      expect(clauses.filter(({ kind }) => kind === 'negation' || kind === 'relation')).toEqual([]);
    },
  );

  it('takes any text', () => {
    for (const text of ['without', ' without a lamp', 'a\nb without\tc', '((', '🙂 without 🙂'])
      expect(parseQuery(text).positive).not.toBe('');
  });
});

describe('termsOf', () => {
  it('reads a plain query as it is', () => {
    expect(termsOf(parseQuery('a boat at night'), [])).toEqual([{ text: 'a boat at night', factor: 1 }]);
  });

  it('takes off what must not be there, said in the query or beside it', () => {
    expect(termsOf(parseQuery('a table without a lamp'), ['chairs'])).toEqual([
      { text: 'a table', factor: 1 },
      { text: 'chairs', factor: -1 },
      { text: 'a lamp', factor: -1 },
    ]);
  });

  it('compares a relation with its opposite', () => {
    expect(termsOf(parseQuery('a dog chasing a man'), [])).toEqual([
      { text: 'a dog chasing a man', factor: 2 },
      { text: 'a man chasing a dog', factor: -1 },
    ]);
  });

  it('reads eight texts at most', () => {
    const unwanted = Array.from({ length: 16 }, (_, i) => `thing ${i}`);
    expect(termsOf(parseQuery('a beach'), unwanted)).toHaveLength(8);
  });
});
