/**
 * Opens one checkpoint after the other for a parent that watches: it takes paths as messages and answers what became of
 * each. It is a process of its own so that a hang can be ended and memory be measured, and plain JavaScript so that Node
 * starts it as it is. The parent takes its right to write, to load native code and to start processes away.
 */
import { existsSync, readFileSync } from 'node:fs';
import { openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';

const WIDTHS = { float64: 8, int64: 8, float32: 4, int32: 4, float16: 2, bfloat16: 2, int16: 2 };
const FLOATS = ['float64', 'float32', 'float16', 'bfloat16'];
/** A file may name the same elements many times; reading every name would measure that and nothing else. */
const TENSORS_READ = 200;

async function readTensors(checkpoint) {
  for (const { name, dtype, shape } of [...checkpoint.tensors.values()].slice(0, TENSORS_READ)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const bytes = await checkpoint.readBytes(name);
    if (bytes.length !== count * (WIDTHS[dtype] ?? 1)) throw new Error(`${bytes.length} bytes for ${shape}`);
    if (!FLOATS.includes(dtype)) continue;
    const values = await checkpoint.readFloat32(name);
    if (values.length !== count) throw new Error(`${values.length} values for ${shape}`);
  }
}

async function outcomeOf(path) {
  let checkpoint;
  try {
    checkpoint = await openCheckpoint(path);
    await readTensors(checkpoint);
    return { outcome: 'opened' };
  } catch (error) {
    // A SightlineError made of anything but a fault that the reader foresaw is an accident that it happened to catch.
    const foreseen = error.name === 'SightlineError' && error.cause?.advice !== undefined;
    return { outcome: foreseen ? error.code : 'unforeseen', message: String(error.stack).slice(0, 2000) };
  } finally {
    await checkpoint?.close();
  }
}

const STATUS = '/proc/self/status';
const linux = existsSync(STATUS);

/** Most memory that this process has held. On Linux maxRSS counts what the parent held when it started this one. */
function peak() {
  const kilobytes = linux
    ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1]
    : process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}

const settle = () => {
  globalThis.gc();
  return process.memoryUsage.rss();
};

const start = settle();
const examine = async (path) => {
  if (process.memoryUsage.rss() > start + 2 ** 26) settle();
  const cpu = process.cpuUsage();
  const clock = performance.now();
  const result = await outcomeOf(path);
  const wall = performance.now() - clock;
  const { user, system } = process.cpuUsage(cpu);
  // The lesser of the two leaves out both the other threads of this process and the other processes of the machine.
  const ms = Math.min(wall, (user + system) / 1000);
  process.send({ ...result, ms, memory: peak() - start });
};

process.on('message', (path) => void examine(path));
process.send('ready');
