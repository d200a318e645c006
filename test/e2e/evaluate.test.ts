import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const COUNT = 30;
const { photos } = demoPhotos(COUNT);

/** The demo collection in the format of the Karpathy splits. */
function writeDataset(path: string): void {
  const lines = readFileSync(join(photos, 'captions.jsonl'), 'utf8').trim().split('\n');
  const images = lines.map((line) => {
    const { image, caption } = JSON.parse(line) as { image: string; caption: string };
    return { filename: image, split: 'test', sentences: [{ raw: caption }, { raw: `${caption} Indeed.` }] };
  });
  writeFileSync(path, JSON.stringify({ dataset: 'demo', images }));
}

interface Recalls {
  R1: number;
  R5: number;
  R10: number;
}
interface Evaluation {
  images: number;
  captions: number;
  dual: { textToImage: Recalls; imageToText: Recalls };
  reranked?: { scorer: string; alone: { textToImage: Recalls; imageToText: Recalls } }[];
}

describe('sightline eval', () => {
  it('measures the dual encoder, and what reranking the best few makes of it', async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, 'dataset.json');
    writeDataset(dataset);
    const args = ['eval', '--dataset', dataset, '--images', photos, '--split', 'test', '--json'];
    const plain = JSON.parse((await runCommand(args, folder)).stdout) as Evaluation;
    expect(plain).toMatchObject({ images: COUNT, captions: 2 * COUNT });
    expect(plain.reranked).toBeUndefined();
    const { R1, R5, R10 } = plain.dual.textToImage;
    expect(R1).toBeLessThanOrEqual(R5);
    expect(R5).toBeLessThanOrEqual(R10);

    const { stdout } = await runCommand([...args, '--rerank', '4'], folder);
    const reranked = JSON.parse(stdout) as Evaluation;
    expect(reranked.dual).toEqual(plain.dual);
    // The four best change places among themselves: whoever was among the first five or ten still is.
    for (const direction of ['textToImage', 'imageToText'] as const) {
      expect(reranked.reranked?.[0]?.alone[direction]).toMatchObject({
        R5: plain.dual[direction].R5,
        R10: plain.dual[direction].R10,
      });
    }

    const table = await runCommand(args.slice(0, -1), folder);
    expect(table.stdout).toMatch(/dual +text → image +\d/);
  });

  it('names the splits there are', async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, 'dataset.json');
    writeDataset(dataset);
    const args = ['eval', '--dataset', dataset, '--images', photos, '--split', 'tset'];
    const { code, stderr } = await runCommand(args, folder);
    expect(stderr).toContain('Did you mean test?');
    expect(code).toBe(1);
  });
});
