import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '#src/ingest/scan.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function tree(files: readonly string[]): string {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  return root;
}

const found = async (root: string, paths: string[] = [root], exclude: string[] = []): Promise<string[]> =>
  (await scan(paths, { exclude })).map(({ role, state }) => `${role} ${relative(root, state.path)}`);

describe('scan', () => {
  it('finds photos by extension in any case, a folder before those below it, in a fixed order', async () => {
    const root = tree(['b.PNG', 'a/x.jpeg', 'a/y.heic', 'notes.doc', 'a/z']);
    expect(await found(root)).toEqual(['photo b.PNG', 'photo a/x.jpeg', 'photo a/y.heic']);
  });

  it('leaves out hidden and machine-made folders, hidden files and excluded folders', async () => {
    const root = tree(['.git/a.jpg', '@eaDir/a.jpg', '.a.jpg', 'library/a.jpg', 'kept/a.jpg']);
    expect(await found(root, [root], [join(root, 'library')])).toEqual(['photo kept/a.jpg']);
  });

  it('takes caption collections by their usual names in folders, and any when named', async () => {
    const root = tree(['captions.jsonl', 'readme.txt']);
    expect(await found(root)).toEqual(['collection captions.jsonl']);
    expect(await found(root, [join(root, 'readme.txt')])).toEqual(['collection readme.txt']);
  });

  it('follows no links below a root, so that it neither loops nor leaves', async () => {
    const root = tree(['a/x.jpg']);
    symlinkSync(root, join(root, 'a', 'loop'));
    symlinkSync('/', join(root, 'out'));
    expect(await found(root)).toEqual(['photo a/x.jpg']);
  });

  it('names a file once when it is given twice', async () => {
    const root = tree(['a/x.jpg']);
    expect(await found(root, [root, join(root, 'a'), join(root, 'a/x.jpg')])).toEqual(['photo a/x.jpg']);
  });

  it('refuses a path that is not there', async () => {
    await expect(scan([join(temporaryFolder(), 'no')], { exclude: [] })).rejects.toMatchObject({
      code: 'ERR_PATH_NOT_FOUND',
    });
  });
});
