/** Which provider a model runs on: the one that was asked for, or the one that was measured to be best. */
import { createRequire } from 'node:module';
import { SightlineError } from '../core/errors.js';
import type { Provider, ProviderChoice } from '../core/provider.js';
import { type Bundle, bundlePath, graphFile } from './bundle.js';
import { pixelTensor } from './dual-encoder.js';
import { PROBE_TEXTS, probePicture } from './probe-material.js';
import { keepProvider, recallProvider } from './runtime/provider-memory.js';
import { chooseProvider, probeInProcess, type ProbeRun } from './runtime/provider-trial.js';
import { providerCandidates } from './runtime/providers.js';
import type { SessionHost } from './runtime/session-host.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

export interface ProviderOptions {
  /** Default: auto. */
  readonly provider?: ProviderChoice | undefined;
  /** Where `auto` keeps what it measured; without it, `auto` is the CPU. */
  readonly providerFile?: string | undefined;
  /** Whether `auto` may measure where nothing is kept. Default false: it is the CPU then. */
  readonly measureProviders?: boolean | undefined;
  /** What `auto` tries. Default: what this machine may have. */
  readonly candidates?: readonly Provider[] | undefined;
  readonly threads?: number | undefined;
}

export interface ProviderUse {
  readonly provider: Provider;
  readonly reason: string;
  /** Whether it was asked for by name: then nothing else will do. */
  readonly required: boolean;
}

const PICTURES = 4;

/** A fixed batch for each graph that gives embeddings. */
export function probeRuns(bundle: Bundle, tokenizer: Tokenizer): ProbeRun[] {
  const { imageSize, maxTokens } = bundle.manifest;
  const pictures = Array.from({ length: PICTURES }, (_, number) => probePicture(number, imageSize));
  const ids = PROBE_TEXTS.map((text) => tokenizer.tokenize(text, maxTokens).ids);
  return [
    { graph: bundlePath(bundle, graphFile('image')), feeds: { pixels: pixelTensor(pictures, imageSize) } },
    { graph: bundlePath(bundle, graphFile('text')), feeds: tokenBatch(ids, tokenizer.padId) },
  ];
}

/** Changes with everything that may change the decision. */
function memoryKey(bundle: Bundle, candidates: readonly Provider[]): string {
  const library = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const machine = `${process.platform}-${process.arch}`;
  return `${bundle.manifest.id} | ${machine} | ONNX Runtime ${library.version} | ${candidates.join(', ')}`;
}

const cpu = (reason: string): ProviderUse => ({ provider: 'cpu', reason, required: false });

/** @param runs made when they are needed; none where the model gives no embeddings, which are what is compared */
export async function selectProvider(
  bundle: Bundle,
  runs: () => readonly ProbeRun[],
  options: ProviderOptions,
): Promise<ProviderUse> {
  const { provider = 'auto', providerFile, measureProviders = false, threads } = options;
  if (provider !== 'auto') return { provider, reason: 'it was asked for', required: true };
  const candidates = options.candidates ?? providerCandidates();
  if (candidates.length === 0) return cpu('there is nothing else on this machine');
  if (providerFile === undefined) return cpu('nothing was measured');
  const key = memoryKey(bundle, candidates);
  const kept = await recallProvider(providerFile, key);
  if (kept) return { provider: kept.provider, reason: kept.reason, required: false };
  if (!measureProviders)
    return cpu(`${candidates.join(', ')} will be measured when this library is next opened for writing`);
  const batch = runs();
  if (batch.length === 0) return cpu('the model has no embeddings by which providers could be compared');
  const chosen = await chooseProvider(candidates, (one) => probeInProcess(one, batch, threads));
  await keepProvider(providerFile, key, chosen);
  return { provider: chosen.provider, reason: chosen.reason, required: false };
}

const REMEDIES: Partial<Record<Provider, string>> = {
  cuda: 'CUDA needs an NVIDIA driver and files of its own: README.md, GPU, tells how to have them.',
  tensorrt: 'TensorRT needs libraries of NVIDIA and files of its own: README.md, GPU.',
  webgpu: 'WebGPU needs a graphics driver (Vulkan on Linux).',
};

/**
 * Tries a provider that was asked for by name, before anybody waits for it.
 * @throws ERR_PROVIDER_UNAVAILABLE
 */
export async function requireProvider(
  provider: Provider,
  sessions: SessionHost,
  runs: readonly ProbeRun[],
): Promise<void> {
  const { backends } = await sessions.inspect();
  let reason = 'its library was built without it';
  if (backends.some(({ name }) => name === provider)) {
    try {
      for (const { graph, feeds } of runs) await sessions.run(graph, feeds, 'query');
      return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  const offered = backends.map(({ name, bundled }) => (bundled ? name : `${name} (not bundled)`));
  const advice = `${REMEDIES[provider] ?? ''} Choose another with --provider, or leave it at auto.`.trim();
  const message = `This installation cannot run the model on ${provider}: ${reason}. Its library knows ${offered.join(', ')}. ${advice}`;
  throw new SightlineError('ERR_PROVIDER_UNAVAILABLE', message, { details: { provider, offered } });
}
