/**
 * Queries that say how things go together: what is not there, how many there are, which colour belongs to what, who does what
 * to whom. An embedding hardly notices such words, so the query is taken apart. Photos are looked for by its positive part
 * alone ("a table without a lamp": a table), and the fused mode then verifies each clause: the text as it stands against
 * the same text with that one thing changed. What fits "a dog chasing a man" no better than "a man chasing a dog" has not
 * been seen to be either.
 *
 * The grammar is small on purpose, English only, and looks for the words below; a query without any of them is one text.
 */
export type ClauseKind = 'negation' | 'relation' | 'count' | 'colour';

export interface Clause {
  readonly kind: ClauseKind;
  /** What must not be there, or the same text with the one thing changed: a photo should fit these less. */
  readonly counters: readonly string[];
}

export interface ParsedQuery {
  /** What is looked for, without what must not be there. */
  readonly positive: string;
  readonly clauses: readonly Clause[];
}

/** Longer ones first, so that "with no" is not read as "no". */
const NEGATIONS = [
  'without any',
  'but without',
  'without',
  'but not',
  'but no',
  'with no',
  'and no',
  'except',
];

/**
 * Both ways round, where the meaning changes. Not "in" and "on": nearly every caption has one, and who turns it round gets
 * nonsense.
 */
const RELATIONS = [
  'to the left of',
  'to the right of',
  'left of',
  'right of',
  'in front of',
  'on top of',
  'behind',
  'above',
  'below',
  'under',
  'underneath',
  'inside',
  'chasing',
  'following',
  'holding',
  'carrying',
  'riding',
  'pulling',
  'pushing',
  'watching',
  'larger than',
  'smaller than',
  'bigger than',
  'taller than',
];

const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six'];

const COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'white',
  'grey',
  'gray',
];

const ARTICLES = /^(?:a|an|the|any|some)\s+/i;
const LEAST_WORDS = 1;

const alternatives = (words: readonly string[]): string =>
  words.map((word) => word.replaceAll(' ', '\\s+')).join('|');
const NEGATION = new RegExp(`\\s+(?:${alternatives(NEGATIONS)})\\s+`, 'i');
const RELATION = new RegExp(
  `^(.+?)\\s+(?:(?:is|are|stands|sits|lies)\\s+)?(${alternatives(RELATIONS)})\\s+(.+)$`,
  'i',
);
const COUNT = new RegExp(`\\b(${alternatives(COUNTS)})\\b`, 'gi');
const COLOUR = new RegExp(`\\b(${alternatives(COLOURS)})\\b`, 'gi');

const tidy = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\s.,;!?]+$/, '');
const wordCount = (text: string): number => text.split(' ').length;

/** "a table without a lamp and no chair" → what is there, and what is not. */
function partedNegations(text: string): { positive: string; absent: string[] } {
  const [positive = '', ...absent] = text.split(NEGATION).map(tidy);
  // "no dogs": nothing would be left to look for, so it stays as it is.
  if (wordCount(positive) < LEAST_WORDS || positive === '') return { positive: tidy(text), absent: [] };
  return { positive, absent: absent.filter((one) => one !== '') };
}

function swapped(text: string): string | undefined {
  const [, first = '', relation = '', second = ''] = RELATION.exec(text) ?? [];
  if (relation === '' || first.replace(ARTICLES, '') === second.replace(ARTICLES, '')) return undefined;
  return `${tidy(second)} ${relation} ${tidy(first)}`;
}

const replaced = (match: RegExpExecArray, word: string, whole: string): string =>
  whole.slice(0, match.index) + word + whole.slice(match.index + match[0].length);

/** The text with each number word changed to its neighbours. */
function otherCounts(text: string): string[] {
  return [...text.matchAll(COUNT)].flatMap((match) => {
    const place = COUNTS.indexOf(match[0].toLowerCase());
    return [place - 1, place + 1].flatMap((other) => {
      const word = COUNTS[other];
      return word === undefined ? [] : [replaced(match, word, text)];
    });
  });
}

/** Two colours change places; a single one becomes two others. */
function otherColours(text: string): string[] {
  const found = [...text.matchAll(COLOUR)];
  const [first, second] = found;
  if (first === undefined) return [];
  if (second === undefined) {
    const own = COLOURS.indexOf(first[0].toLowerCase());
    return [3, 5].map((step) => replaced(first, COLOURS[(own + step) % COLOURS.length] as string, text));
  }
  if (first[0].toLowerCase() === second[0].toLowerCase()) return [];
  // The later one first: the place of the earlier one does not move.
  return [replaced(first, second[0], replaced(second, first[0], text))];
}

/** Takes a query apart. One text without clauses is the most common result. */
export function parseQuery(text: string): ParsedQuery {
  const { positive, absent } = partedNegations(tidy(text));
  const clauses: Clause[] = absent.map((what) => ({ kind: 'negation', counters: [what] }));
  const colours = otherColours(positive);
  const counts = otherCounts(positive);
  const swap = swapped(positive);
  if (colours.length > 0) clauses.push({ kind: 'colour', counters: colours });
  if (counts.length > 0) clauses.push({ kind: 'count', counters: counts });
  if (swap !== undefined) clauses.push({ kind: 'relation', counters: [swap] });
  return { positive, clauses };
}
