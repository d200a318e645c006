import { Command } from 'commander';
import type { Item } from '../core/item.js';
import type { Query, SearchOptions, SearchResult } from '../core/query.js';
import { DEFAULT_LIMIT, MAX_LIMIT, openEngine } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { note, print, printJson, styled } from './output.js';
import { wholeNumber } from './whole-number.js';

interface SearchFlags {
  readonly image?: string;
  readonly limit: number;
  /** A depth, or whether at all; absent where the model decides. */
  readonly rerank?: boolean | string;
}

const EXAMPLES = `
Examples:
  sightline search "two dogs playing in the snow"
  sightline search --image holiday.jpg --limit 5
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
    .argument('[text]', 'what the photo shows, in plain words')
    .option('--image <file>', 'a picture to search by, alone or together with the text')
    .option('--limit <n>', 'hits wanted', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option('--rerank [R]', 'let the fused mode read the best R and put them in order')
    .option('--no-rerank', 'leave the order to the embeddings, whatever the model would do')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, { image, limit, ...flags }: SearchFlags, command: Command) => {
      const rerank = rerankOf(flags.rerank);
      const context = contextOf(command);
      await using engine = await openEngine({ ...context.config, readOnly: true, log: context.log });
      const query: Query = { ...(text !== undefined && { text }), ...(image !== undefined && { image }) };
      const options = { limit, signal: context.signal, ...(rerank !== undefined && { rerank }) };
      printHits(await engine.search(query, options), context);
    });
}
