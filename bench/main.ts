/** Measures Sightline on this machine: npm run bench -- NAME. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { didYouMean } from '../src/core/typo.js';
import { type Benchmark, type BenchmarkOptions, USUAL_LIMIT } from './benchmark.js';
import { cutoffBenchmark } from './cutoff.js';
import { encoderBenchmark } from './encoder.js';
import { httpBenchmark } from './http.js';
import { fusionBenchmark } from './fusion.js';
import { indexBenchmark } from './index.js';
import { filtersBenchmark } from './filters.js';
import { ingestBenchmark } from './ingest.js';
import { describeMachine } from './machine.js';
import { type Report, textOf, writeReport } from './report.js';
import { memoryBenchmark } from './memory.js';
import { pageBenchmark } from './page.js';
import { qualityBenchmark } from './quality.js';
import { rerankBenchmark } from './rerank.js';
import { searchBenchmark } from './search.js';
import { startupBenchmark } from './startup.js';
import { watchBenchmark } from './watch.js';

const BENCHMARKS: readonly Benchmark[] = [
  ingestBenchmark,
  indexBenchmark,
  searchBenchmark,
  filtersBenchmark,
  cutoffBenchmark,
  fusionBenchmark,
  httpBenchmark,
  startupBenchmark,
  encoderBenchmark,
  rerankBenchmark,
  qualityBenchmark,
  watchBenchmark,
  memoryBenchmark,
  pageBenchmark,
];

const USAGE_ERROR = 2;
const INTERRUPTED = 130;

interface Flags extends Omit<BenchmarkOptions, 'limit'> {
  readonly limit?: number;
  readonly json: boolean;
  readonly out: string;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

function benchmarkNamed(text: string): Benchmark {
  const known = BENCHMARKS.find(({ name }) => name === text);
  if (known) return known;
  const names = BENCHMARKS.map(({ name }) => name);
  throw new InvalidArgumentError(`Expected one of: ${names.join(', ')}.${didYouMean(text, names)}`);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(benchmark: Benchmark, { json, out, ...flags }: Flags): Promise<void> {
  const options: BenchmarkOptions = { ...flags, limit: flags.limit ?? benchmark.limit ?? USUAL_LIMIT };
  const findings = await benchmark.run(options, say);
  const report: Report = { benchmark: benchmark.name, machine: describeMachine(), ...findings };
  print(json ? JSON.stringify(report, null, 2) : textOf(report));
  // What was measured to see that it runs must not stand where results do.
  if (!options.quick) await writeReport(report, resolve(out));
}

function program(): Command {
  const list = BENCHMARKS.map(({ name, sentence }) => `  ${name.padEnd(9)}${sentence}`).join('\n');
  return new Command('bench')
    .description('Measures Sightline on this machine.')
    .argument('<name>', 'the benchmark to run', benchmarkNamed)
    .option('--json', 'print JSON', false)
    .option('--out <folder>', 'where NAME.json and NAME.md go', 'bench/results')
    .option('--photos <folder>', 'photos to work on (default: what each benchmark needs)')
    .option(
      '--limit <n>',
      `photos at most (default: ${USUAL_LIMIT}, for watch ${watchBenchmark.limit})`,
      positive,
    )
    .option('--trials <n>', 'repetitions', positive)
    .option('--soak <seconds>', 'how long http soaks (default: 60)', positive)
    .option('--quick', 'small and once, written nowhere: to see that it runs', false)
    .addHelpText('after', `\nBenchmarks:\n${list}`)
    .showHelpAfterError()
    .exitOverride()
    .action(run);
}

// Trials notice that this process is gone, and tidy up.
process.once('SIGINT', () => process.exit(INTERRUPTED));

try {
  await program().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
  else {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
