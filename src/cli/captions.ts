import { Command } from 'commander';
import { DEFAULT_LIMIT, MAX_LIMIT, openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note } from './output.js';
import { printHits, rerankOf } from './search.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline ingest captions.jsonl     one {"image"?, "caption"} a line
  sightline captions holiday.jpg --limit 5`;

interface CaptionFlags {
  readonly limit: number;
  readonly rerank?: boolean | string;
}

export function captionsCommand(): Command {
  return new Command('captions')
    .description('find the captions of the library that fit a picture')
    .argument('<image>', 'a picture file')
    .option('--limit <n>', 'captions wanted', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option('--rerank [R]', 'let the fused mode read the best R and put them in order')
    .option('--no-rerank', 'leave the order to the embeddings, whatever the model would do')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (image: string, { limit, ...flags }: CaptionFlags, command: Command) => {
      const rerank = rerankOf(flags.rerank);
      const context = contextOf(command);
      await using engine = await openEngine({ ...context.config, readOnly: true, log: context.log });
      if (rerank !== false) await engine.readyToRead();
      const options = { limit, signal: context.signal, ...(rerank !== undefined && { rerank }) };
      const result = await engine.search({ image }, { kind: 'caption', ...options });
      if (result.total === 0)
        note('The library has no captions yet. Add some with: sightline ingest captions.jsonl');
      printHits(result, context);
    });
}
