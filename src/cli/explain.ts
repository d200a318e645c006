import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { pathError } from '../core/errors.js';
import { EXPLAINABLE, type Explainable, type Explanation, explainFile, heatOf } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, print, printJson } from './output.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline explain holiday.jpg "two boats on the sea" -o why.png
  sightline explain holiday.jpg "two boats on the sea" --word 1 -o boats.png
  sightline explain holiday.jpg "two boats on the sea" --by match --json`;

const MAX_WORDS = 12;
const SHADES = ' .:-=+*#%@';

interface ExplainFlags {
  readonly out?: string;
  readonly word?: number;
  readonly by?: Explainable;
}

function explainable(value: string): Explainable {
  const known = EXPLAINABLE.find((name) => name === value);
  if (known) return known;
  throw new InvalidArgumentError(`Expected one of: ${EXPLAINABLE.join(', ')}.`);
}

const shade = (value: number): string => SHADES[Math.round(value * (SHADES.length - 1))] ?? ' ';

/** The grid as a picture of characters, for those who only have a terminal. */
function shaded(relevance: Explanation['relevance']): string {
  const heat = heatOf(relevance);
  return Array.from({ length: relevance.cells }, (_, row) =>
    heat
      .slice(row * relevance.cells, (row + 1) * relevance.cells)
      .map((value) => shade(value).repeat(2))
      .join(''),
  ).join('\n');
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('show which parts of a picture make it fit a text')
    .argument('<photo>', 'a picture file')
    .argument('<text>', 'what it was found by')
    .option('-o, --out <file>', 'where the heat map goes, as PNG')
    .option('--word <n>', 'of one word, by its place from 0', wholeNumber(0, MAX_WORDS - 1))
    .option('--by <score>', `which score: ${EXPLAINABLE.join(', ')}`, explainable)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (photo: string, text: string, flags: ExplainFlags, command: Command) => {
      const { config, json } = contextOf(command);
      const { out, word, by } = flags;
      const { explanation, picture } = await explainFile(photo, text, { ...config, word, by });
      if (out !== undefined) {
        await writeFile(out, picture).catch((error: unknown) => {
          throw pathError(error, out, 'ERR_PATH_UNREADABLE');
        });
      }
      if (json) return printJson(explanation);
      const shown = word === undefined ? explanation.relevance : explanation.words[word]?.relevance;
      if (shown) print(shaded(shown));
      note(
        `${explanation.by} ${explanation.score.toFixed(3)}${out === undefined ? '' : `; the heat map is ${out}`}`,
      );
    });
}
