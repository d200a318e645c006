// A bundle without Sightline: ONNX Runtime and nothing else. Prints the cosine of a picture and a text.
// node bundle-alone.mjs BUNDLE PIXELS IDS     PIXELS: a file of S×S×3 bytes, RGB; IDS: token ids, 0 first and 2 last
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [bundle, pixels, ids] = process.argv.slice(2);
const { imageSize: size } = JSON.parse(readFileSync(`${bundle}/manifest.json`, 'utf8'));
const run = async (graph, feeds) =>
  (await (await InferenceSession.create(`${bundle}/${graph}.onnx`)).run(feeds)).embedding.data;
const tokens = BigInt64Array.from(ids.split(','), BigInt);
const image = await run('image', { pixels: new Tensor('uint8', readFileSync(pixels), [1, size, size, 3]) });
const text = await run('text', {
  input_ids: new Tensor('int64', tokens, [1, tokens.length]),
  attention_mask: new Tensor(
    'int64',
    tokens.map(() => 1n),
    [1, tokens.length],
  ),
});
console.log(image.reduce((sum, value, i) => sum + value * text[i], 0).toFixed(6));
