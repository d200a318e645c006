import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint } from '#src/engine/mod.js';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { smallCheckpoint, SMALL_TOKENIZER } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const COUNT = 12;
const { photos, scratch } = demoPhotos(COUNT);
const dataDir = join(scratch, 'library');
const files = (): string[] =>
  readdirSync(photos)
    .filter((name) => name.endsWith('.jpg'))
    .toSorted()
    .map((name) => join(photos, name));

interface Described {
  readonly descriptions: readonly { image: string; caption: string; logProbability: number }[];
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/\p{L}{3,}/gu));
/** How many of the words of a text the other has, too. */
function shared(text: string, other: string): number {
  const [words, others] = [wordsOf(text), wordsOf(other)];
  return [...words].filter((word) => others.has(word)).length / words.size;
}

function trueCaptions(): Map<string, string> {
  const lines = readFileSync(join(photos, 'captions.jsonl'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { image: string; caption: string });
  return new Map(rows.map(({ image, caption }) => [join(photos, image), caption]));
}

describe('describing pictures', () => {
  it('writes captions of what they show', async () => {
    const { stdout, code } = await runCommand(['describe', ...files(), '--json'], dataDir);
    expect(code).toBe(0);
    const { descriptions } = JSON.parse(stdout) as Described;
    expect(descriptions.map(({ image }) => image)).toEqual(files());
    const captions = trueCaptions();
    const own = descriptions.map(({ image, caption }) => shared(caption, captions.get(image) ?? ''));
    const others = descriptions.map(({ caption }, place) =>
      shared(caption, captions.get(files()[(place + 5) % COUNT] ?? '') ?? ''),
    );
    const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / COUNT;
    expect(mean(own)).toBeGreaterThan(mean(others) + 0.2);
    for (const { caption, logProbability } of descriptions) {
      expect(caption).toMatch(/^\p{Lu}[^<>▁]+$/u);
      expect(logProbability).toBeLessThan(0);
    }
  });

  it('tells which files it could not read, and describes the others', async () => {
    const broken = join(temporaryFolder(), 'broken.jpg');
    writeFileSync(broken, 'no picture');
    const [first = ''] = files();
    const some = await runCommand(['describe', broken, first], dataDir);
    expect(some.code).toBe(3);
    expect(some.stdout).toMatch(new RegExp(String.raw`^${first}: \p{Lu}.*\n$`, 'u'));
    expect(some.stderr).toContain(`skipped ${broken}: `);
    expect(some.stderr).toContain('[ERR_IMAGE_UNREADABLE]');
    const none = await runCommand(['describe', broken], dataDir);
    expect(none).toMatchObject({ code: 1, stdout: '' });
  });

  it('is refused by a model without a captioning head', async () => {
    const folder = temporaryFolder();
    const checkpoint = smallCheckpoint('retrieval', folder);
    const model = join(folder, 'bundle');
    await importCheckpoint({
      checkpoint,
      tokenizer: SMALL_TOKENIZER,
      folder: model,
      name: 'small',
      precision: 'fp32',
    });
    const [first = ''] = files();
    const { code, stderr } = await runCommand(['describe', first, '--model', model], dataDir);
    expect(code).toBe(1);
    expect(stderr).toContain('ERR_MODEL_CAPABILITY');
  });
});
