/**
 * A process that opens libraries for reading, again and again, from before they are there. It prints a line for each library
 * that it could open, and for each reason why it could not but that there is none yet. Plain JavaScript, so that Node starts
 * it as it is.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentModel, Library } from '#src/index/mod.js';

const [root, dimensions] = process.argv.slice(2);
process.stdout.write('ready\n');
for (let number = 0; ; ) {
  const folder = join(root, String(number));
  try {
    currentModel(folder);
    const options = { folder, modelId: 'model-a', dimensions: Number(dimensions), readOnly: true };
    await (await Library.open(options)).close();
    process.stdout.write(`opened ${number++}\n`);
  } catch (error) {
    if (error.code !== 'ERR_PATH_NOT_FOUND') process.stdout.write(`${number}: ${error.stack}\n`);
  }
  await nextTurn();
}
