import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TESTS = fileURLToPath(new URL('../', import.meta.url));
const page = readFileSync(fileURLToPath(new URL('../../docs/security.md', import.meta.url)), 'utf8');

/** The text of every test file, by its name without the extension. */
const files = new Map(
  readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => [/([^/]+)\.test\.ts$/.exec(path)?.[1], readFileSync(TESTS + path, 'utf8')] as const),
);

describe('docs/security.md', () => {
  it('names for every threat a test that there is', () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('Threats')) ?? '';
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| who | what'));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) {
      const [, file = '', name = ''] = /`([\w-]+): ([^`]+)` \|$/.exec(row) ?? [];
      expect(files.get(file), row).toContain(name);
    }
  });
});
