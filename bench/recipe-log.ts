/** What the training of the embedded model told about itself: its recipe's log. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** From dist/bench/recipe-log.js. */
const FILE: string = fileURLToPath(new URL('../../data/recipe/results/log.jsonl', import.meta.url));

/** Recalls in percent by name, such as `text to image R@10`. */
type Recalls = Readonly<Record<string, number>>;

interface Line {
  readonly stage: string;
  readonly step: number;
  readonly dev?: { readonly model?: Recalls; readonly "teacher's features"?: Recalls };
}

export interface DevMeasurement {
  /** Steps of its stage and all before: each counts its own from 0. */
  readonly steps: number;
  readonly model: Recalls;
  /** The teacher's own features against the model's texts. */
  readonly yardstick: Recalls;
}

/** The dev measurements in order; none where there is no log. */
export async function devMeasurements(): Promise<DevMeasurement[]> {
  const source = await readFile(FILE, 'utf8').catch(() => '');
  const lines = source
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  let before = 0;
  return lines.flatMap(({ stage, step, dev }, place) => {
    const last = lines[place - 1];
    if (last && last.stage !== stage) before += last.step;
    const [model, yardstick] = [dev?.model, dev?.["teacher's features"]];
    return model && yardstick ? [{ steps: before + step, model, yardstick }] : [];
  });
}
