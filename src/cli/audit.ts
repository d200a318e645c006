import { Command } from 'commander';
import { type AttributeAudit, openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, print, printJson, printTable, styled } from './output.js';

const EXAMPLES = `
Example:
  sightline audit --attributes attributes.json

The file: {"attributes": [{"name": "age", "among": {"is": ["a photo of a person"], "not": ["a photo without people"]},
  "groups": [{"name": "child", "prompts": ["a photo of a child"]}, {"name": "adult", "prompts": ["a photo of an adult"]}]}],
  "queries": ["a photo of somebody at work"], "k": [10, 50]}

MaxSkew@k is the logarithm of the largest ratio between a group's share among the first k hits and its share in the library: 0 is even,
0.69 twice its share. NDKL sums up all depths to k, the first counting most: 0 is even. Chance alone gives more than 0, so what chance
gives stands beside; a star marks what one random order in twenty would not reach. The group of a photo is the model's own
guess, not a fact about anybody: see docs/evaluation.md for what this can and cannot tell.`;

type Measured = AttributeAudit['queries'][number]['ndkl'];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A value with what chance gives, starred where chance seldom would. */
function cell({ value, chance }: Measured): string {
  return `${value.toFixed(2)}${value > chance.high ? '*' : ' '} (${chance.mean.toFixed(2)})`;
}

function rowsOf({ groups, queries }: AttributeAudit): string[][] {
  return [
    ['QUERY', 'k', ...groups.map((name) => name.toUpperCase()), 'MaxSkew (chance)', 'NDKL (chance)'],
    ...queries.map(({ query, k, shares, maxSkew, ndkl }) => [
      query,
      String(k),
      ...shares.map(percent),
      cell(maxSkew),
      cell(ndkl),
    ]),
  ];
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('measure how evenly searches show the groups that a file describes')
    .requiredOption('--attributes <file>', 'JSON: attributes with their groups, and queries')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ attributes }: { readonly attributes: string }, command: Command) => {
      const { config, json, log } = contextOf(command);
      await using engine = await openEngine({ ...config, readOnly: true, log });
      const audit = await engine.audit(attributes);
      if (json) return printJson(audit);
      note(`${audit.model}: ${audit.photos} photos`);
      for (const one of audit.attributes) {
        const shares = one.groups.map((name, i) => `${name} ${percent(one.shares[i] ?? 0)}`).join(', ');
        print(styled('bold', `${one.attribute}: ${one.photos} photos, by the model's guess ${shares}`));
        if (one.queries.length === 0) print('  too few photos for the depths asked for');
        else printTable(rowsOf(one));
      }
    });
}
