import { performance } from 'node:perf_hooks';
import { dot } from '../../core/embedding.js';
import type { Tensors } from './messages.js';
import type { Provider } from '../../core/provider.js';
import { SessionHost } from './session-host.js';
import { rowsOf } from './wire-rows.js';

/** A graph and what it is tried with; its `embedding` is compared. */
export interface ProbeRun {
  readonly graph: string;
  readonly feeds: Tensors;
}

export interface ProviderTrial {
  readonly provider: Provider;
  readonly accepted: boolean;
  readonly reason: string;
  /** The worst of all embeddings, against the CPU's. */
  readonly cosine?: number | undefined;
  readonly milliseconds?: number | undefined;
}

export interface ProviderDecision {
  readonly provider: Provider;
  readonly reason: string;
  readonly cpuMilliseconds?: number | undefined;
  readonly trials: readonly ProviderTrial[];
}

/** What a provider makes of the probe, and the time it takes when warm. */
export interface ProbeOutcome {
  readonly embeddings: readonly Float32Array[];
  readonly milliseconds: number;
}

export type Probe = (provider: Provider) => Promise<ProbeOutcome>;

/** Farther from the CPU than this, a library and its queries would not be of one space. */
const FARTHEST = 1e-3;
const TIMED_RUNS = 3;
/** A provider that is not done by then is not worth waiting for. */
const PATIENCE_MS = 60_000;

/** Runs the probe in a process of its own: a driver that crashes takes only that with it. */
export async function probeInProcess(
  provider: Provider,
  runs: readonly ProbeRun[],
  threads?: number,
): Promise<ProbeOutcome> {
  const host = new SessionHost(threads, { provider, isolation: 'process' });
  // Closing refuses what is under way.
  const alarm = setTimeout(() => void host.close(), PATIENCE_MS);
  try {
    const embeddings: Float32Array[] = [];
    let milliseconds = 0;
    for (const { graph, feeds } of runs) {
      const { embedding } = await host.run(graph, feeds, 'query');
      embeddings.push(...rowsOf(embedding, 'embedding'));
      let fastest = Infinity;
      for (let i = 0; i < TIMED_RUNS; i++) {
        const start = performance.now();
        await host.run(graph, feeds, 'query');
        fastest = Math.min(fastest, performance.now() - start);
      }
      milliseconds += fastest;
    }
    return { embeddings, milliseconds };
  } finally {
    clearTimeout(alarm);
    await host.close();
  }
}

/** NaN where there is one anywhere. */
function worstCosine(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const cosines = a.map((vector, i) => {
    const other = b[i] as Float32Array;
    return dot(vector, other) / Math.sqrt(dot(vector, vector) * dot(other, other));
  });
  return Math.min(...cosines);
}

async function trial(provider: Provider, cpu: ProbeOutcome, probe: Probe): Promise<ProviderTrial> {
  try {
    const outcome = await probe(provider);
    const { milliseconds } = outcome;
    const cosine = worstCosine(cpu.embeddings, outcome.embeddings);
    const measured = { provider, cosine: Number.isNaN(cosine) ? undefined : cosine, milliseconds };
    if (!(1 - cosine <= FARTHEST))
      return {
        ...measured,
        accepted: false,
        reason: `its embeddings differ from the CPU's: cosine ${cosine.toFixed(4)}`,
      };
    const times = `${milliseconds.toFixed(1)} ms against ${cpu.milliseconds.toFixed(1)} ms on the CPU`;
    const accepted = milliseconds < cpu.milliseconds;
    return { ...measured, accepted, reason: `${accepted ? 'faster' : 'not faster'}: ${times}` };
  } catch (error) {
    return { provider, accepted: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Tries each candidate once against the CPU; the fastest that calculates the same is chosen. */
export async function chooseProvider(
  candidates: readonly Provider[],
  probe: Probe,
): Promise<ProviderDecision> {
  const cpu = await probe('cpu');
  const trials: ProviderTrial[] = [];
  // One after the other: together they would slow each other down.
  for (const provider of candidates) trials.push(await trial(provider, cpu, probe));
  const [best] = trials
    .filter(({ accepted }) => accepted)
    .toSorted((a, b) => (a.milliseconds ?? 0) - (b.milliseconds ?? 0));
  const refused = trials.map(({ provider, reason }) => `${provider} (${reason})`).join('; ');
  return {
    provider: best?.provider ?? 'cpu',
    reason: best ? best.reason : `nothing better was found: ${refused}`,
    cpuMilliseconds: cpu.milliseconds,
    trials,
  };
}
