import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  PUBLISHED_ADDRESS,
  PUBLISHED_CHECKPOINTS,
  PUBLISHED_TOKENIZER,
} from '#src/encoder/published-checkpoints.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/models.md', import.meta.url)), 'utf8');

function between(mark: string): string[] {
  const [, table = ''] = new RegExp(`<!-- ${mark} -->\n([\\s\\S]*?)<!-- /${mark} -->`).exec(page) ?? [];
  return table.trim().split('\n');
}

describe('docs/models.md', () => {
  it('has the catalogue as its table', () => {
    const rows = PUBLISHED_CHECKPOINTS.map(
      ({ file, task, imageSize, figure, ability }) =>
        `| \`${file}\` | ${task} | ${imageSize} px | ${ability} | ${figure || 'none published'} |`,
    );
    const head = ['| file | task | pictures | can | published figure |', '|---|---|---:|---|---|'];
    expect(between('published')).toEqual([...head, ...rows]);
  });

  it('has every checksum that is known', () => {
    const known = [...PUBLISHED_CHECKPOINTS, PUBLISHED_TOKENIZER].flatMap(({ file, sha256 }) =>
      sha256 === undefined ? [] : [`| \`${file}\` | \`${sha256}\` |`],
    );
    expect(between('checksums')).toEqual(['| file | SHA-256 |', '|---|---|', ...known]);
  });

  it('explains every kind, and names the one address', () => {
    for (const { ability } of PUBLISHED_CHECKPOINTS) expect(page).toContain(`\n| ${ability} | `);
    const addresses = [...page.matchAll(/https?:\/\/[^\s>)]+/g)].map(([address]) => address);
    expect(addresses).toEqual([PUBLISHED_ADDRESS]);
  });
});

describe('the catalogue', () => {
  it('names every file once, with its size and its pictures', () => {
    const names = PUBLISHED_CHECKPOINTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, file, size, imageSize, sha256 } of PUBLISHED_CHECKPOINTS) {
      expect(file).toBe(`${name}.pth`);
      expect(name).toMatch(new RegExp(`^beit3_${size}_.*patch16_${imageSize}(_|$)`));
      if (sha256 !== undefined) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
