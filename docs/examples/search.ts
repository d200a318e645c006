/** Finds photos, and others like the best one: node search.ts "a boat at night" [ADDRESS [KEY]] (Node 22 reads TypeScript) */
import { SightlineClient } from 'sightline/client';

const [words = 'a boat at night', url = 'http://127.0.0.1:7280', key] = process.argv.slice(2);
const sightline = new SightlineClient({ url, ...(key !== undefined && { key }) });

const { hits } = await sightline.search({ text: words, not: [{ text: 'people' }], limit: 3 });
for (const { score, path } of hits) console.log(score.toFixed(3), path);

const [best] = hits;
if (best !== undefined) {
  const alike = await sightline.similar(best.id, 3);
  console.log('like it:', alike.hits.map(({ path }) => path).join(', '));
}
