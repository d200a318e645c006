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
    ['no caption', '{"words":"a"}\n', 1, /caption/],
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

  const entries = async (name: string, content: string): Promise<(string | number | null)[][]> =>
    (await read(name, content)).map(({ line, text, image }) => [line, text, image]);

  it('have their fields under the names that datasets use', async () => {
    const imageFolder = '{"file_name":"1.jpg","text":"a dog"}\n{"text":"a cat","file_name":"2.jpg"}\n';
    expect(await entries('metadata.jsonl', imageFolder)).toEqual([
      [1, 'a dog', '1.jpg'],
      [2, 'a cat', '2.jpg'],
    ]);
  });

  it.each([
    ['c.csv', 'image,caption\n1.jpg,"a dog, asleep"\n2.jpg,a cat\n'],
    ['c.csv', '\ufeffcaption;id;image\r\n"a dog, asleep";1;1.jpg\r\na cat;2;2.jpg\r\n'],
    ['c.tsv', 'file_name\ttext\n1.jpg\ta dog, asleep\n2.jpg\ta cat\n'],
    ['results.csv', 'image_name| comment_number| comment\n1.jpg|0|a dog, asleep\n2.jpg|0|a cat\n'],
    ['captions.txt', 'image,caption\n1.jpg,"a dog, asleep"\n2.jpg,a cat\n'],
  ])('are tables with named columns: %s %j', async (name, content) => {
    expect(await entries(name, content)).toEqual([
      [2, 'a dog, asleep', '1.jpg'],
      [3, 'a cat', '2.jpg'],
    ]);
  });

  it('are datasets, whose captions are counted', async () => {
    const images = [
      { filename: '1.jpg', split: 'train', sentences: [{ raw: 'a dog ' }, { raw: 'an animal' }] },
      { filename: '2.jpg', filepath: 'val', split: 'test', sentences: [{ raw: 'a cat' }] },
    ];
    expect(await entries('dataset.json', JSON.stringify({ images }))).toEqual([
      [1, 'a dog', '1.jpg'],
      [2, 'an animal', '1.jpg'],
      [3, 'a cat', 'val/2.jpg'],
    ]);
  });

  it.each([
    ['c.csv', 'a,b\n1,2\n', 1],
    ['c.csv', '', 1],
    ['c.csv', `image,caption\n1.jpg,"${'never closed '.repeat(30_000)}`, 2],
    ['c.csv', `image,caption\n1.jpg,${'x'.repeat(2001)}\n`, 2],
    ['dataset.json', '{"images": 4}', 1],
    ['dataset.json', '[', 1],
  ])('of another shape are refused: %s', async (name, content, line) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'ERR_CAPTIONS_INVALID',
      details: { line: expect.any(Number) as number },
    });
    expect(line).toBeGreaterThan(0);
  });

  it('beside a photo are all about it', async () => {
    const path = join(temporaryFolder(), 'photo.jpg.txt');
    writeFileSync(path, 'a dog\na cat\n');
    const images: (string | null)[] = [];
    for await (const { image } of readCollection(path, 'photo.jpg')) images.push(image);
    expect(images).toEqual(['photo.jpg', 'photo.jpg']);
  });
});
