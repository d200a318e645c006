/** Keeps which provider was chosen, so that it is measured once and not at every start. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ProviderDecision } from './provider-trial.js';
import { PROVIDERS } from '../../core/provider.js';

const decision: z.ZodType<ProviderDecision> = z.object({
  provider: z.enum(PROVIDERS),
  reason: z.string(),
  cpuMilliseconds: z.number().optional(),
  trials: z.array(
    z.object({
      provider: z.enum(PROVIDERS),
      accepted: z.boolean(),
      reason: z.string(),
      cosine: z.number().optional(),
      milliseconds: z.number().optional(),
    }),
  ),
});

const memory = z.record(z.string(), decision);

/** What was kept; nothing where the file is absent, damaged or of another version: it can be measured again. */
async function recall(path: string): Promise<Record<string, ProviderDecision>> {
  try {
    return memory.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

export async function recallProvider(path: string, key: string): Promise<ProviderDecision | undefined> {
  return (await recall(path))[key];
}

/** A disk that cannot be written costs a measurement at the next start, and nothing else. */
export async function keepProvider(path: string, key: string, chosen: ProviderDecision): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const all = { ...(await recall(path)), [key]: chosen };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, `${JSON.stringify(all, undefined, 2)}\n`);
    await rename(part, path);
  } catch {
    // As said above.
  }
}
