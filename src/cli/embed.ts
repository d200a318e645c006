import { Command, Option } from 'commander';
import { SightlineError } from '../core/errors.js';
import { embed, type NamedInput } from '../engine/mod.js';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';

const EXAMPLES = `
Examples:
  sightline embed --text "a red car" --json
  sightline embed --image a.jpg --image b.jpg --text "at night" --json`;

export function embedCommand(): Command {
  // Texts and pictures may be mixed; one list keeps them in the order they were given.
  const inputs: NamedInput[] = [];
  const collect = (make: (value: string) => NamedInput) => (value: string) => {
    inputs.push(make(value));
    return inputs;
  };
  return new Command('embed')
    .description('print the embeddings of texts and pictures')
    .addOption(
      new Option('--text <text>', 'a text; may be repeated').argParser(collect((text) => ({ text }))),
    )
    .addOption(
      new Option('--image <file>', 'a picture; may be repeated').argParser(collect((image) => ({ image }))),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (_flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      if (inputs.length === 0) {
        throw new SightlineError('ERR_QUERY_EMPTY', 'Expected at least one --text or --image to embed.');
      }
      const result = await embed(inputs, config);
      if (json) return printJson(result);
      for (const { input, embedding } of result.embeddings) {
        const name = 'text' in input ? input.text : input.image;
        print(`${name}: ${embedding.map((value) => value.toFixed(4)).join(' ')}`);
      }
    });
}
