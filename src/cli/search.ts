import { Command, Option } from 'commander';
import { both } from '../core/filter.js';
import { parseFilter } from '../core/filter-parser.js';
import type { Item, ItemId } from '../core/item.js';
import {
  type Query,
  SEARCH_MODES,
  type SearchMode,
  type SearchOptions,
  type SearchResult,
  SORT_ORDERS,
  type SortOrder,
} from '../core/query.js';
import { parseTyped, queryOfTyped } from '../core/typed-query.js';
import { DEFAULT_LIMIT, MAX_LIMIT, openEngine } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { note, print, printJson, styled } from './output.js';
import { wholeNumber } from './whole-number.js';

interface SearchFlags {
  readonly image?: string;
  readonly like?: number;
  readonly not: readonly string[];
  readonly filter?: string;
  readonly mode?: SearchMode;
  readonly sort: SortOrder;
  readonly all?: boolean;
  readonly cutoff?: boolean;
  readonly limit: number;
  /** A depth, or whether at all; absent where the model decides. */
  readonly rerank?: boolean | string;
}

const EXAMPLES = `
Examples:
  sightline search "two dogs playing in the snow"
  sightline search --image holiday.jpg --limit 5
  sightline search "beach -people taken>=2024-06 (rating>=4 or tag:family)"
  sightline search --image holiday.jpg "at night" --filter "camera:Leica -folder:trash"
  sightline search "a red car" --json | jq -r '.hits[].path'`;

const MAX_DEPTH = 1000;

/** `--rerank`, `--rerank=R` or `--no-rerank`. */
export function rerankOf(flag: boolean | string | undefined): SearchOptions['rerank'] {
  return typeof flag === 'string' ? { depth: wholeNumber(1, MAX_DEPTH)(flag) } : flag;
}

export function jsonOf({ hits, ...rest }: SearchResult): object {
  return {
    hits: hits.map(({ item, ...scores }) => ({
      id: item.id,
      kind: item.kind,
      path: item.path,
      ...(item.kind === 'caption'
        ? { caption: item.text, line: item.line, image: item.image }
        : { second: item.second, width: item.width, height: item.height, metadata: item.metadata }),
      ...scores,
    })),
    ...rest,
  };
}

/** `1:02:03`, or `2:03` of what is shorter than an hour. */
function clockTime(second: number): string {
  const [hours, minutes, seconds] = [second / 3600, (second / 60) % 60, second % 60].map(Math.floor);
  const tail = `${String(minutes).padStart(hours ? 2 : 1, '0')}:${String(seconds).padStart(2, '0')}`;
  return hours ? `${hours}:${tail}` : tail;
}

function itemWords(item: Item): string {
  if (item.kind === 'caption') return item.text;
  return item.second === null ? item.path : `${item.path} at ${clockTime(item.second)}`;
}

export function printHits(result: SearchResult, { json }: Context): void {
  if (json) return printJson(jsonOf(result));
  for (const warning of result.warnings) note(warning);
  const { rerank } = result;
  if (rerank !== null && rerank.of > 0)
    note(
      `The fused mode read ${rerank.depth} of ${rerank.of}.${rerank.reason === null ? '' : ` ${rerank.reason}`}`,
    );
  for (const { item, score } of result.hits) {
    print(`${styled('dim', score.toFixed(3))}  ${itemWords(item)}`);
  }
  if (result.hits.length === 0 && result.cutoff !== null && result.cutoff.of > 0)
    note('Nothing here shows that. --all shows what is nearest all the same.');
  note(
    styled(
      'dim',
      `${result.hits.length} of ${result.total}, ${result.timing.total.toFixed(0)} ms`,
      process.stderr,
    ),
  );
}

export function searchCommand(): Command {
  return new Command('search')
    .description('find photos by what they show')
    .argument(
      '[text]',
      'what the photo shows, in plain words; conditions and -leave-outs may stand between them',
    )
    .option('--image <file>', 'a picture to search by, alone or together with the text')
    .option('--like <id>', 'an item of the library to search by', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--not <text>', 'what the photo should not show; may be repeated', collect, [])
    .option('--filter <conditions>', 'only photos that fit, as in "camera:Leica taken>2024-01"')
    .addOption(new Option('--mode <mode>', 'by vectors, by words, or both').choices(SEARCH_MODES))
    .addOption(new Option('--sort <order>', 'relevant ones by time').choices(SORT_ORDERS).default('score'))
    .option('--cutoff', 'end where confidence does, also with a model that tells little by it')
    .option('--all', 'everything, sorted, also what is hardly what was asked for')
    .option('--limit <n>', 'hits wanted', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option('--rerank [R]', 'let the fused mode read the best R and put them in order')
    .option('--no-rerank', 'leave the order to the embeddings, whatever the model would do')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, flags: SearchFlags, command: Command) => {
      const { query, options } = requestOf(text, flags);
      const context = contextOf(command);
      await using engine = await openEngine({ ...context.config, readOnly: true, log: context.log });
      // Without words there is nothing to read photos with.
      if (options.rerank !== false && query.text) await engine.readyToRead();
      printHits(await engine.search(query, { ...options, signal: context.signal }), context);
    });
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function requestOf(
  text: string | undefined,
  { image, like, not, filter, mode, sort, all, cutoff, limit, ...flags }: SearchFlags,
): { query: Query; options: SearchOptions } {
  const typed = text === undefined ? undefined : parseTyped(text);
  const words: Query = typed ? queryOfTyped(typed) : {};
  const unwanted = [...(words.not ?? []), ...not.map((one) => ({ text: one }))];
  const conditions = both(typed?.filter, filter === undefined ? undefined : parseFilter(filter));
  const rerank = rerankOf(flags.rerank);
  return {
    query: {
      ...words,
      // What was typed is empty: the engine says so better than we could.
      ...(typed && !typed.filter && words.text === undefined && unwanted.length === 0 && { text: '' }),
      ...(image !== undefined && { image }),
      ...(like !== undefined && { itemId: like as ItemId }),
      ...(unwanted.length > 0 && { not: unwanted }),
    },
    options: {
      limit,
      sort,
      ...(conditions && { filter: conditions }),
      ...(mode !== undefined && { mode }),
      ...(cutoff === true && { cutoff }),
      ...(all === true && { cutoff: false }),
      ...(rerank !== undefined && { rerank }),
    },
  };
}
