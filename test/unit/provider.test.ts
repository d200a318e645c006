import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Provider } from '#src/core/provider.js';
import { Encoder } from '#src/encoder/mod.js';
import { keepProvider, recallProvider } from '#src/encoder/runtime/provider-memory.js';
import { chooseProvider, type Probe, type ProviderDecision } from '#src/encoder/runtime/provider-trial.js';
import { providerCandidates } from '#src/encoder/runtime/providers.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { tokenBatch } from '#src/encoder/token-batch.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MODEL = fileURLToPath(new URL('../../data/model', import.meta.url));
const GRAPH = join(MODEL, 'text.onnx');
const FEEDS = tokenBatch([[0, 5, 6, 7, 2]], 1);

/** Vectors at an angle from the CPU's, and a time. */
const probe =
  (outcomes: Partial<Record<Provider, readonly [angle: number, milliseconds: number]>>): Probe =>
  async (provider) => {
    const [angle, milliseconds] = outcomes[provider] ?? [];
    if (angle === undefined || milliseconds === undefined) throw new Error('no such device');
    return {
      embeddings: [Float32Array.of(1, 0), Float32Array.of(Math.cos(angle), Math.sin(angle))],
      milliseconds,
    };
  };

describe('the choice of a provider', () => {
  it('takes the fastest that calculates the same', async () => {
    const outcomes = { cpu: [0, 100], dml: [0.01, 20], webgpu: [0, 30], cuda: [0.2, 1] } as const;
    const { provider, trials } = await chooseProvider(['cuda', 'dml', 'webgpu'], probe(outcomes));
    expect(provider).toBe('dml');
    expect(trials.map(({ accepted }) => accepted)).toEqual([false, true, true]);
    expect(trials[0]?.reason).toContain('cosine 0.98');
  });

  it('stays with the CPU where nothing is faster, right and there, and says why', async () => {
    const outcomes = { cpu: [0, 100], dml: [0, 100], webgpu: [Number.NaN, 1] } as const;
    const decision = await chooseProvider(['dml', 'webgpu', 'coreml'], probe(outcomes));
    expect(decision.provider).toBe('cpu');
    expect(decision.reason).toMatch(/not faster.*cosine NaN.*no such device/s);
  });

  it('is kept, and forgotten where the file cannot be read', async () => {
    const file = join(temporaryFolder(), 'new', 'provider.json');
    const decision: ProviderDecision = { provider: 'dml', reason: 'faster', trials: [] };
    expect(await recallProvider(file, 'a')).toBeUndefined();
    await keepProvider(file, 'a', decision);
    await keepProvider(file, 'b', { ...decision, provider: 'cpu' });
    expect(await recallProvider(file, 'a')).toEqual(decision);
    writeFileSync(file, '{');
    expect(await recallProvider(file, 'a')).toBeUndefined();
  });

  it('knows candidates for each platform, and none for others', () => {
    expect(providerCandidates('win32')).toContain('dml');
    expect(providerCandidates('darwin')).toContain('coreml');
    expect(providerCandidates('aix')).toEqual([]);
  });
});

describe('an encoder', () => {
  it('measures once, keeps it, and runs on what it found', { timeout: 60_000 }, async () => {
    const providerFile = join(temporaryFolder(), 'provider.json');
    // No machine has DirectML and CoreML, so that this is the CPU everywhere.
    const candidates = [process.platform === 'darwin' ? 'dml' : 'coreml'] as const;
    const options = { threads: 1, providerFile, candidates };
    const before = await Encoder.open(MODEL, options);
    expect(before.provider.reason).toContain('will be measured');
    await using first = await Encoder.open(MODEL, { ...options, measureProviders: true });
    expect(first.provider).toMatchObject({ provider: 'cpu', required: false });
    const kept = readFileSync(providerFile, 'utf8');
    expect(Object.keys(JSON.parse(kept) as object)).toHaveLength(1);
    await using second = await Encoder.open(MODEL, { ...options, measureProviders: true });
    expect(second.provider).toEqual(first.provider);
    // The times in it would be others if it had been measured again.
    expect(readFileSync(providerFile, 'utf8')).toBe(kept);
    expect((await second.dual.embedTexts(['a photo'])).embeddings).toHaveLength(1);
  });

  it('refuses a provider that this installation does not have, and says what it has', async () => {
    const provider = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(Encoder.open(MODEL, { threads: 1, provider })).rejects.toMatchObject({
      code: 'ERR_PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(
        /cannot run the model on .*Its library knows cpu.*--provider/s,
      ) as string,
    });
  });
});

describe('a session worker in a process of its own', () => {
  it('gives what the thread gives', async () => {
    const [thread, apart] = [new SessionHost(1), new SessionHost(1, { isolation: 'process' })];
    expect(await apart.run(GRAPH, FEEDS, 'query')).toEqual(await thread.run(GRAPH, FEEDS, 'query'));
    await thread.close();
    await apart.close();
  });

  it.runIf(process.platform === 'linux')('may crash, and comes back', async () => {
    const host = new SessionHost(1, { isolation: 'process' });
    await host.inspect();
    const workers = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('session-worker'));
    expect(workers).toHaveLength(1);
    const running = host.run(
      GRAPH,
      tokenBatch(
        Array.from({ length: 512 }, () => [0, 5, 6, 2]),
        1,
      ),
      'batch',
    );
    const refused = expect(running).rejects.toThrow('SIGABRT');
    process.kill(Number(workers[0]), 'SIGABRT');
    await refused;
    expect(await host.run(GRAPH, FEEDS, 'query')).toHaveProperty('embedding');
    await host.close();
  });

  it('falls back to the CPU where the provider is gone', async () => {
    const provider = process.platform === 'darwin' ? 'dml' : 'coreml';
    const host = new SessionHost(1, { provider, fallBack: true });
    expect(await host.run(GRAPH, FEEDS, 'query')).toHaveProperty('embedding');
    await host.close();
  });
});
