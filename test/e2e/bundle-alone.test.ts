import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dot } from '#src/core/embedding.js';
import { Encoder } from '#src/encoder/mod.js';
import { loadTokenizer } from '#src/encoder/tokenizer/tokenizer.js';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { photos } = demoPhotos(1);
const BUNDLE = fileURLToPath(new URL('../../data/model', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../docs/examples/bundle-alone.mjs', import.meta.url));

describe('a bundle', () => {
  it('is usable with ONNX Runtime alone', async () => {
    await using encoder = await Encoder.open(BUNDLE);
    const { pixels } = await encoder.images.read(readFileSync(join(photos, 'scene-001.jpg')));
    const file = join(temporaryFolder(), 'pixels.rgb');
    writeFileSync(file, pixels);
    const text = 'people with umbrellas in the rain';
    const { ids } = (await loadTokenizer(join(BUNDLE, 'tokenizer.spm'))).tokenize(text, 64);
    const printed = execFileSync(process.execPath, [SCRIPT, BUNDLE, file, ids.join(',')], {
      encoding: 'utf8',
    });

    const [image] = await encoder.dual.embedImages([pixels]);
    const { embeddings } = await encoder.dual.embedTexts([text]);
    expect(Number(printed)).toBeCloseTo(dot(image as Float32Array, embeddings[0] as Float32Array), 4);
  });
});
