import { Command } from 'commander';
import { DEFAULT_LIMIT, MAX_LIMIT, openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note } from './output.js';
import { printHits } from './search.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline ingest captions.jsonl     one {"image"?, "caption"} a line
  sightline captions holiday.jpg --limit 5`;

export function captionsCommand(): Command {
  return new Command('captions')
    .description('find the captions of the library that fit a picture')
    .argument('<image>', 'a picture file')
    .option('--limit <n>', 'captions wanted', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (image: string, { limit }: { limit: number }, command: Command) => {
      const context = contextOf(command);
      await using engine = await openEngine({ ...context.config, readOnly: true, log: context.log });
      const result = await engine.search({ image }, { kind: 'caption', limit, signal: context.signal });
      if (result.total === 0)
        note('The library has no captions yet. Add some with: sightline ingest captions.jsonl');
      printHits(result, context);
    });
}
