import { Command } from 'commander';
import { examine, type Finding } from '../engine/mod.js';
import { contextOf, EXIT } from './context.js';
import { print, printJson, styled } from './output.js';
import { progressBar } from './progress-bar.js';

const MARKS = { ok: ['green', '✓'], note: ['yellow', '•'], problem: ['red', '✗'] } as const;

function line({ check, verdict, detail }: Finding): string {
  const [colour, mark] = MARKS[verdict];
  return `${styled(colour, mark)} ${check.padEnd(13)} ${detail}`;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check the installation, the model, the library and its folders; changes nothing without --repair',
    )
    .option('--repair', 'mend the library: what is kept beside its rows is made from them again')
    .option('--json', 'print JSON')
    .action(async ({ repair = false }: { repair?: boolean }, command: Command) => {
      const { config, json } = contextOf(command);
      const bar = progressBar('Building the index');
      const findings = await examine({
        ...config,
        repair,
        onRebuild: (kind, done, total) => bar.update(done, total, `${kind}s`),
      }).finally(() => bar.stop());
      const healthy = findings.every(({ verdict }) => verdict !== 'problem');
      if (json) printJson({ healthy, findings });
      else for (const finding of findings) print(line(finding));
      process.exitCode = healthy ? EXIT.ok : EXIT.failed;
    });
}
