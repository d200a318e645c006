import { Command } from 'commander';
import { examine, type Finding } from '../engine/mod.js';
import { contextOf, EXIT } from './context.js';
import { print, printJson, styled } from './output.js';

const MARKS = { ok: ['green', '✓'], note: ['yellow', '•'], problem: ['red', '✗'] } as const;

function line({ check, verdict, detail }: Finding): string {
  const [colour, mark] = MARKS[verdict];
  return `${styled(colour, mark)} ${check.padEnd(13)} ${detail}`;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the installation, the model and the library; changes nothing')
    .option('--json', 'print JSON')
    .action(async (_flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const findings = await examine(config);
      const healthy = findings.every(({ verdict }) => verdict !== 'problem');
      if (json) printJson({ healthy, findings });
      else for (const finding of findings) print(line(finding));
      process.exitCode = healthy ? EXIT.ok : EXIT.failed;
    });
}
