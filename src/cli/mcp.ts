import { Command } from 'commander';
import { openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { VERSION } from './version.js';

const EXAMPLE = `
Example, for a program that takes MCP servers as JSON:
  { "mcpServers": { "sightline": { "command": "npx", "args": ["sightline", "mcp"] } } }`;

export function mcpCommand(): Command {
  return new Command('mcp')
    .description('let an assistant search this library (Model Context Protocol over stdin and stdout)')
    .addHelpText('after', EXAMPLE)
    .action(async (_flags: object, command: Command) => {
      const { config, log, signal } = contextOf(command);
      // Loaded here: no other command should pay for the protocol's library.
      const { mcpServer, serveStdio } = await import('../mcp/mod.js');
      await using engine = await openEngine({ ...config, readOnly: true, log });
      await serveStdio(mcpServer(engine, VERSION), signal);
    });
}
