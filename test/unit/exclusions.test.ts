import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '#src/ingest/scan.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

async function found(root: string, followLinks = false): Promise<{ files: string[]; folders: string[] }> {
  const folders: string[] = [];
  const onFolder = (path: string): void => void folders.push(relative(root, path));
  const files = await scan([root], { exclude: [], followLinks, onFolder });
  return { files: files.map(({ state }) => relative(root, state.path)).toSorted(), folders };
}

describe('exclusions', () => {
  it('keep programs’ own folders from being entered, unless rules take them back in', async () => {
    const root = tree({
      'a.jpg': '',
      '@eaDir/a.jpg': '',
      '#recycle/a.jpg': '',
      '.thumbnails/a.jpg': '',
      'node_modules/x/a.jpg': '',
      '$RECYCLE.BIN/a.jpg': '',
      '.Trash-1000/a.jpg': '',
    });
    expect(await found(root)).toEqual({ files: ['a.jpg'], folders: [''] });
    writeFileSync(join(root, '.sightlineignore'), '!@eaDir\n');
    expect((await found(root)).files).toEqual(['@eaDir/a.jpg', 'a.jpg']);
  });

  it('read .sightlineignore as git reads .gitignore: deeper rules win, excluded folders stay closed', async () => {
    const root = tree({
      '.sightlineignore': '# comment\n*.png\n/private/\nbuild/**/x.jpg\n',
      'a.jpg': '',
      'a.png': '',
      'keep/.sightlineignore': '!*.png\n',
      'keep/a.png': '',
      'private/.sightlineignore': '!a.jpg\n',
      'private/a.jpg': '',
      'deep/private/a.jpg': '',
      'build/1/2/x.jpg': '',
      'build/1/y.jpg': '',
    });
    const { files, folders } = await found(root);
    expect(files).toEqual(['a.jpg', 'build/1/y.jpg', 'deep/private/a.jpg', 'keep/a.png']);
    expect(folders).not.toContain('private');
  });

  it('hold for what links lead to, and a loop of links ends', async () => {
    const outside = tree({ 'o.jpg': '' });
    const root = tree({ 'a/x.jpg': '' });
    symlinkSync(root, join(root, 'a/loop'));
    symlinkSync(join(root, 'a'), join(root, 'a/self'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(root, 'nowhere'), join(root, 'dead.jpg'));
    expect((await found(root)).files).toEqual(['a/x.jpg']);
    expect((await found(root, true)).files).toEqual(['a/self/x.jpg', 'a/x.jpg', 'out/o.jpg']);
  });
});
