/** Filters that come as objects are held to what the language can say: nothing else reaches the catalog. */
import { SightlineError } from './errors.js';
import type { Condition, Filter } from './filter.js';
import { dateFault } from './filter-dates.js';
import { MAX_FILTER_DEPTH } from './filter-parser.js';
import { printFilter } from './filter-printer.js';

/** Conditions of one filter. */
const MAX_CONDITIONS = 200;
const MAX_VALUE_CHARACTERS = 1000;

function fault(reason: string): SightlineError {
  return new SightlineError('ERR_FILTER_INVALID', `The filter is wrong: ${reason}.`);
}

/**
 * How many conditions it has.
 * @throws ERR_FILTER_INVALID where values are out of range, or it is too deep or too long
 */
export function checkFilter(filter: Filter, depth = 0): number {
  if (depth > MAX_FILTER_DEPTH + 1) throw fault(`it is nested more than ${MAX_FILTER_DEPTH} deep`);
  const count = conditions(filter, depth);
  if (count > MAX_CONDITIONS) throw fault(`it has more than ${MAX_CONDITIONS} conditions`);
  return count;
}

function conditions(filter: Filter, depth: number): number {
  if ('not' in filter) return checkFilter(filter.not, depth + 1);
  if ('field' in filter) {
    checkCondition(filter);
    return 1;
  }
  const list = 'all' in filter ? filter.all : filter.any;
  return list.reduce((sum, one) => sum + checkFilter(one, depth + 1), 0);
}

function checkCondition(filter: Condition): void {
  const numbers = Object.entries(filter).filter(([, value]) => typeof value === 'number');
  const odd = numbers.find(([, value]) => !Number.isFinite(value));
  if (odd) throw fault(`${odd[0]} of ${filter.field} is no number`);
  switch (filter.field) {
    case 'taken':
    case 'added': {
      const wrong = dateFault(filter.value);
      const likely = wrong?.likely === undefined ? '' : `. Did you mean ${wrong.likely}?`;
      if (wrong) throw fault(`${printFilter(filter)}: ${wrong.reason}${likely}`);
      return;
    }
    case 'near':
      if (Math.abs(filter.latitude) > 90 || Math.abs(filter.longitude) > 180 || filter.kilometres <= 0)
        throw fault(`${printFilter(filter)}: latitudes reach from -90 to 90, longitudes from -180 to 180`);
      return;
    case 'within':
      if (filter.south > filter.north)
        throw fault(`${printFilter(filter)}: its south lies north of its north`);
      return;
    default:
      if (
        typeof filter.value === 'string' &&
        (filter.value === '' || filter.value.length > MAX_VALUE_CHARACTERS)
      )
        throw fault(`${filter.field} needs a value of 1 to ${MAX_VALUE_CHARACTERS} characters`);
  }
}
