import { beforeEach, describe, expect, it } from 'vitest';
import { NO_METADATA } from '#src/core/photo-metadata.js';
import { type Completion, completions } from '#src/engine/filter-completion.js';
import { parseFilter } from '#src/core/filter-parser.js';
import { Library } from '#src/index/mod.js';
import { open, photo } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CAMERAS = ['Leica Q2', 'Leica Q2', 'Leica M11', 'X100V', 'the "odd" one'];

let library: Library;

beforeEach(async () => {
  library = await open(temporaryFolder());
  library.commit(
    CAMERAS.map((camera, n) => {
      const change = photo(n);
      if (change.type !== 'photo' || !change.photo) throw new TypeError('Expected a new photo.');
      const metadata = { ...NO_METADATA, camera, keywords: n < 2 ? ['beach', 'summer party'] : ['snow'] };
      return { ...change, photo: { ...change.photo, metadata } };
    }),
  );
  return () => library.close();
});

const offered = (line: string): Completion[] => completions(line, library);
const texts = (line: string): string[] => offered(line).map(({ text }) => text);

describe('what a line may go on with', () => {
  it('is a field whose name is begun, behind words, signs and brackets', () => {
    expect(offered('boats cam')).toEqual([
      { line: 'boats camera:', text: 'camera', about: expect.any(String) as string },
    ]);
    for (const before of ['', '-', '(', 'dogs or -('])
      expect(offered(`${before}CAM`)[0]?.line).toBe(`${before}camera:`);
    expect(texts('ta')).toEqual(expect.arrayContaining(['taken', 'tag']));
  });

  it('is nothing where nothing is begun', () => {
    for (const line of ['', 'boats ', 'camera:Leica ', 'colour:re', 'x=']) expect(offered(line)).toEqual([]);
  });

  it('is a value that the library has, the most frequent first, with how many items have it', () => {
    expect(offered('camera:lei')).toEqual([
      { line: 'camera:"Leica Q2" ', text: 'Leica Q2', about: '2' },
      { line: 'camera:"Leica M11" ', text: 'Leica M11', about: '1' },
    ]);
    expect(texts('camera:"Leica M')).toEqual(['Leica M11']);
    expect(texts('-tag:')).toEqual(expect.arrayContaining(['snow', 'beach', 'summer party']));
    expect(texts('tag:nowhere')).toEqual([]);
  });

  it('is one of the few words that a field takes', () => {
    expect(texts('orientation:l')).toEqual(['landscape']);
    expect(texts('orientation:')).toHaveLength(3);
  });

  it('is a condition again that means the value, whatever stands in it', () => {
    for (const { line, text } of [...offered('camera:'), ...offered('tag:'), ...offered('orientation:')]) {
      const value: unknown = expect.objectContaining({ value: text });
      expect(parseFilter(line.trim())).toEqual(value);
    }
  });
});
