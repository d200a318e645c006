import type { Condition, Filter } from './filter.js';

const PLAIN = /^[^\s()",\\]+$/;

const quoted = (text: string): string =>
  PLAIN.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function condition(one: Condition): string {
  switch (one.field) {
    case 'kind':
    case 'orientation':
    case 'has':
      return `${one.field}:${one.value}`;
    case 'near':
      return `near:${one.latitude},${one.longitude},${one.kilometres}km`;
    case 'within':
      return `within:${one.south},${one.west},${one.north},${one.east}`;
    default:
      return `${one.field}${one.op}${typeof one.value === 'number' ? one.value : quoted(one.value)}`;
  }
}

/** A condition nobody fails, and one that nobody meets: the language has no shorter words for them. */
const EVERYTHING = '(kind:photo or kind:caption)';

/** In the short language; reading it again gives a filter that says the same. */
export function printFilter(filter: Filter): string {
  return 'all' in filter && filter.all.length === 0 ? '' : print(filter, false);
}

function print(filter: Filter, bracketed: boolean): string {
  if ('field' in filter) return condition(filter);
  if ('not' in filter) return `-${print(filter.not, true)}`;
  const [list, word] = 'all' in filter ? [filter.all, ' '] : [filter.any, ' or '];
  if (list.length === 0) return 'all' in filter ? EVERYTHING : `-${EVERYTHING}`;
  if (list.length === 1) return print(list[0] as Filter, bracketed);
  const text = list.map((one) => print(one, true)).join(word);
  return bracketed ? `(${text})` : text;
}
