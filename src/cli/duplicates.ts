import { Command, Option } from 'commander';
import { DUPLICATE_MODES, type DuplicateGroup, type DuplicateMode, openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, print, printJson, styled } from './output.js';

const EXAMPLES = `
Examples:
  sightline duplicates                  the same file at several paths
  sightline duplicates --mode photo     the same photo, resized or compressed again
  sightline duplicates --mode similar   bursts and other photos of one moment
  sightline duplicates --json | jq -r '.groups[].members[1:][].paths[]'`;

function printGroup({ best, members }: DuplicateGroup): void {
  for (const { photo, paths } of members) {
    const size = `${photo.width}×${photo.height}`;
    for (const [i, path] of paths.entries()) {
      const mark = photo.id === best && i === 0 ? '*' : ' ';
      print(`${mark} ${styled('dim', size.padStart(9))}  ${path}`);
    }
  }
  print('');
}

function membersOf({ members }: DuplicateGroup): object[] {
  return members.map(({ photo: { id, width, height, bytes }, paths }) => ({
    id,
    width,
    height,
    bytes,
    paths,
  }));
}

export function duplicatesCommand(): Command {
  return new Command('duplicates')
    .description('photos that are there more than once, the best of each marked; deletes nothing')
    .addOption(new Option('--mode <mode>', 'file, photo or similar').choices(DUPLICATE_MODES).default('file'))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ mode }: { readonly mode: DuplicateMode }, command: Command) => {
      const { config, json, log, signal } = contextOf(command);
      await using engine = await openEngine({ ...config, readOnly: true, log });
      const groups = await engine.survey.duplicates({ mode, signal });
      if (json) {
        return printJson({
          mode,
          groups: groups.map((group) => ({ best: group.best, members: membersOf(group) })),
        });
      }
      for (const group of groups) printGroup(group);
      note(styled('dim', `${groups.length} groups`, process.stderr));
    });
}
