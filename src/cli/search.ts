import { Command } from 'commander';
import type { Query, SearchResult } from '../core/query.js';
import { DEFAULT_LIMIT, MAX_LIMIT, openEngine } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { note, print, printJson, styled } from './output.js';
import { wholeNumber } from './whole-number.js';

interface SearchFlags {
  readonly image?: string;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  sightline search "two dogs playing in the snow"
  sightline search --image holiday.jpg --limit 5
  sightline search "a red car" --json | jq -r '.hits[].path'`;

export function jsonOf({ hits, ...rest }: SearchResult): object {
  return {
    hits: hits.map(({ item, ...scores }) => ({
      id: item.id,
      kind: item.kind,
      path: item.path,
      ...(item.kind === 'caption'
        ? { caption: item.text, line: item.line, image: item.image }
        : { width: item.width, height: item.height, metadata: item.metadata }),
      ...scores,
    })),
    ...rest,
  };
}

export function printHits(result: SearchResult, { json }: Context): void {
  if (json) return printJson(jsonOf(result));
  for (const warning of result.warnings) note(warning);
  for (const { item, score } of result.hits) {
    const words = item.kind === 'caption' ? item.text : item.path;
    print(`${styled('dim', score.toFixed(3))}  ${words}`);
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
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string | undefined, { image, limit }: SearchFlags, command: Command) => {
      const context = contextOf(command);
      await using engine = await openEngine({ ...context.config, readOnly: true, log: context.log });
      const query: Query = { ...(text !== undefined && { text }), ...(image !== undefined && { image }) };
      printHits(await engine.search(query, { limit, signal: context.signal }), context);
    });
}
