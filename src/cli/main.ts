/** The command line: parses, runs one command, and is the only place that decides how the process ends. */
import { Command, CommanderError } from 'commander';
import { SETTINGS } from '../config.js';
import { systemCode } from '../core/errors.js';
import { auditCommand } from './audit.js';
import { backupCommand } from './backup.js';
import { captionsCommand } from './captions.js';
import { EXIT } from './context.js';
import { demoCommand } from './demo.js';
import { describeCommand } from './describe.js';
import { doctorCommand } from './doctor.js';
import { duplicatesCommand } from './duplicates.js';
import { embedCommand } from './embed.js';
import { evalCommand } from './eval.js';
import { exportCommand } from './export.js';
import { failuresCommand } from './failures.js';
import { explainCommand } from './explain.js';
import { importCommand } from './import.js';
import { ingestCommand } from './ingest.js';
import { keysCommand } from './keys.js';
import { mcpCommand } from './mcp.js';
import { modelsCommand } from './models.js';
import { reportError } from './output.js';
import { searchCommand } from './search.js';
import { serveCommand } from './serve.js';
import { statsCommand } from './stats.js';
import { watchCommand } from './watch.js';
import { VERSION } from './version.js';

const COMMANDS = [
  ingestCommand,
  watchCommand,
  searchCommand,
  captionsCommand,
  describeCommand,
  explainCommand,
  serveCommand,
  statsCommand,
  failuresCommand,
  doctorCommand,
  duplicatesCommand,
  exportCommand,
  importCommand,
  backupCommand,
  modelsCommand,
  embedCommand,
  evalCommand,
  auditCommand,
  keysCommand,
  mcpCommand,
  demoCommand,
];

/** Settings that every command takes; those of the server stand with `serve`. */
const SHARED_SETTINGS = [
  SETTINGS.dataDir,
  SETTINGS.model,
  SETTINGS.rerankModel,
  SETTINGS.threads,
  SETTINGS.provider,
  SETTINGS.svg,
  SETTINGS.logLevel,
];

function inheritExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inheritExit(child);
}

export function program(): Command {
  const root = new Command('sightline')
    .description('Search your photos by what they show. Everything happens on this machine.')
    .version(VERSION)
    .showHelpAfterError('(sightline --help shows what there is)');
  for (const { flag, env, sentence, defaultText } of SHARED_SETTINGS) {
    root.option(flag, `${sentence} (${env}; default: ${defaultText})`);
  }
  for (const command of COMMANDS) root.addCommand(command());
  inheritExit(root);
  return root;
}

/** A reader such as `head` closes the pipe when it has enough; then nobody is left to tell anything. */
function leaveWithReader(error: Error): void {
  if (systemCode(error) !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
}

/** Runs a command line and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', leaveWithReader);
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = reportError(error, argv.includes('--json'));
  }
}
