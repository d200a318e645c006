import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from '#src/cli/main.js';
import { SETTINGS } from '#src/config.js';
import { ERRORS } from '#src/core/errors.js';
import { bareEndpoints } from '../support/bare-endpoints.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/reference.md', import.meta.url)), 'utf8');

/** First cells of the table below a heading, without their code marks. */
function firstCells(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] as string);
}

function leafCommands(command: Command, path: readonly string[] = []): { name: string; options: string[] }[] {
  return command.commands.flatMap((child) => {
    const name = [...path, child.name()];
    if (child.commands.length > 0) return leafCommands(child, name);
    return [{ name: name.join(' '), options: child.options.map(({ flags }) => flags) }];
  });
}

describe('docs/reference.md', () => {
  it('names every error code with its status, and no other', () => {
    expect(firstCells('Errors')).toEqual(Object.keys(ERRORS));
    for (const [code, { status, title }] of Object.entries(ERRORS)) {
      expect(page).toContain(`| \`${code}\` | ${status} | ${title} |`);
    }
  });

  it('names every setting, and no other', () => {
    expect(firstCells('Settings')).toEqual(Object.values(SETTINGS).map(({ flag }) => flag));
    for (const { env, defaultText, sentence } of Object.values(SETTINGS)) {
      expect(page).toContain(`| \`${env}\` | \`${defaultText}\` | ${sentence} |`);
    }
  });

  it('names every command with its options, and no other', () => {
    const commands = leafCommands(program());
    const cells = firstCells('Commands');
    expect(cells.map((cell) => cell.replace(/ [[A-Z].*$/, ''))).toEqual(commands.map(({ name }) => name));
    for (const [index, { options }] of commands.entries()) {
      const line = page.split('\n').find((text) => text.startsWith(`| \`${cells[index]}\``)) ?? '';
      for (const flags of options) expect(line).toContain(`\`${flags}\``);
    }
  });

  it('names every address, and no other', () => {
    const routes = bareEndpoints().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(firstCells('HTTP').toSorted()).toEqual(routes.toSorted());
  });
});
