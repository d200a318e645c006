import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/reference.md',
  'docs/models.md',
  'docs/library.md',
  'docs/formats.md',
  'docs/api.md',
  'docs/reranking.md',
  'docs/evaluation.md',
  'docs/security.md',
  'docs/watching.md',
  'data/model/README.md',
  'data/demo/README.md',
  'data/recipe/README.md',
  'bench/README.md',
];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Paths in ARCHITECTURE.md's picture of the tree: indentation makes the folders. */
function drawnPaths(): string[] {
  const tree = /```\n(src\/\n[\s\S]*?)```/.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
  const folders: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const depth = indent / 2;
    return [...line.matchAll(/(?:^|\s|; )((?:[\w-]+\/)+|[\w-]+\.(?:ts|mjs))(?=\s|:|;|$)/g)].map(
      ([, name = '']) => {
        const path = [...folders.slice(0, depth), name].join('');
        if (name.endsWith('/') && line.trimStart().startsWith(name)) folders[depth] = name;
        return path;
      },
    );
  });
}

describe('the documents', () => {
  it.each(PAGES)('%s points only to what is there', (page) => {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)#\s]+)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      expect(existsSync(join(ROOT, dirname(page), target)), `${page} → ${target}`).toBe(true);
    }
  });

  it('ARCHITECTURE.md draws a tree that exists', () => {
    const paths = drawnPaths();
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it('ARCHITECTURE.md draws every room', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true });
    const drawn = drawnPaths();
    for (const room of rooms) {
      expect(drawn).toContain(`src/${room.name}${room.isDirectory() ? '/' : ''}`);
    }
  });

  it('the tour in README.md presses only what the page has', () => {
    const tour = /<!-- tour -->([\s\S]*?)<!-- \/tour -->/.exec(read('README.md'))?.[1] ?? '';
    const pressed = [...tour.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words);
    expect(pressed.length).toBeGreaterThan(2);
    for (const words of pressed) expect(read('web/src/strings.ts')).toContain(`'${words}'`);
  });

  it('figures in README.md stand in the results of a benchmark', () => {
    const results = readdirSync(join(ROOT, 'bench/results')).filter((name) => name.endsWith('.md'));
    expect(results.length).toBeGreaterThanOrEqual(3);
    const measured = results.map((name) => read(`bench/results/${name}`)).join('\n');
    const table = /<!-- figures -->([\s\S]*?)<!-- \/figures -->/.exec(read('README.md'))?.[1] ?? '';
    const figures = [...table.matchAll(/\*\*([\d.,]+)\*\*/g)].map(([, figure = '']) => figure);
    expect(figures.length).toBeGreaterThan(5);
    for (const figure of figures) expect(measured, figure).toContain(figure);
  });
});
