/** What the text graph alone allows: texts embedded by as many callers as a server would have, and nothing else. */
import { join } from 'node:path';
import { openEngine } from '../../src/engine/mod.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface TextRateTrial {
  readonly input: {
    readonly texts: readonly string[];
    readonly seconds: number;
    readonly together: number;
    /** The folder of a bundle. Default: the embedded model. */
    readonly model?: string;
  };
  /** Texts a second. */
  readonly result: number;
}

trial<TextRateTrial>(async ({ texts, seconds, together, model }, atEnd) => {
  const place = await temporaryFolder();
  atEnd(async () => place[Symbol.asyncDispose]());
  const engine = await openEngine({
    dataDir: join(place.path, 'library'),
    ...(model !== undefined && { model }),
  });
  atEnd(() => engine.close());
  await engine.warmUp();
  let done = 0;
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      // No text twice: a text that was asked for is remembered.
      await engine.embed([{ text: `${texts[next % texts.length]} ${next++}` }]);
      done++;
    }
  };
  await Promise.all(Array.from({ length: together }, caller));
  return (done / (performance.now() - start)) * 1000;
});
