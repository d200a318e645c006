import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaptionLine } from '#src/core/ports.js';
import { readCollection } from '#src/ingest/caption-collection.js';
import { contentHash } from '#src/ingest/mod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function read(name: string, content: string): Promise<CaptionLine[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const lines: CaptionLine[] = [];
  for await (const line of readCollection(path)) lines.push(line);
  return lines;
}

describe('caption collections', () => {
  it('are one caption a line in .txt; blank lines count but are passed over', async () => {
    const lines = await read('notes.txt', 'a dog\r\n\n  two cats  \n');
    expect(lines.map(({ line, text }) => [line, text])).toEqual([
      [1, 'a dog'],
      [3, 'two cats'],
    ]);
    expect(lines[0]?.contentHash).toBe(contentHash('a dog'));
  });

  it('are one object a line in .jsonl, the picture optional, other fields ignored', async () => {
    const lines = await read('c.jsonl', '{"image":"1.jpg","caption":"a dog","id":7}\n{"caption":"a cat"}\n');
    expect(lines.map(({ text, image }) => [text, image])).toEqual([
      ['a dog', '1.jpg'],
      ['a cat', null],
    ]);
  });

  it.each([
    ['not JSON', '{"caption":"a"}\nnope\n', 2, /not JSON/],
    ['no caption', '{"text":"a"}\n', 1, /caption/],
    ['an empty caption', '{"caption":" "}\n', 1, /must not be empty/],
    ['a picture that is no text', '{"image":4,"caption":"a"}\n', 1, /image/],
    ['a document', `{"caption":"${'x'.repeat(2001)}"}\n`, 1, /2001 characters/],
  ])('with %s are refused, naming the line', async (_name, content, line, reason) => {
    await expect(read('c.jsonl', content)).rejects.toMatchObject({
      code: 'ERR_CAPTIONS_INVALID',
      message: expect.stringMatching(reason) as string,
      details: { line },
    });
  });

  it('that are not text are refused', async () => {
    await expect(read('c.txt', 'a\0b\n')).rejects.toMatchObject({ code: 'ERR_CAPTIONS_INVALID' });
  });
});
