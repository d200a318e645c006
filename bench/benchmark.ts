import type { Findings } from './report.js';

export interface BenchmarkOptions {
  /** A folder of photos; without it the development photos or the demo collection. */
  readonly photos?: string | undefined;
  /** Photos at most. */
  readonly limit: number;
  /** Repetitions; each benchmark has its own default. */
  readonly trials?: number | undefined;
  /** Seconds of a soak, where a benchmark has one. */
  readonly soak?: number | undefined;
  /** Small and once: to see that it runs, not what it says. */
  readonly quick: boolean;
}

export const USUAL_LIMIT = 1000;

export interface Benchmark {
  readonly name: string;
  readonly sentence: string;
  /** Photos at most where `--limit` does not say. Default: `USUAL_LIMIT`. */
  readonly limit?: number;
  run(options: BenchmarkOptions, say: (line: string) => void): Promise<Findings>;
}
