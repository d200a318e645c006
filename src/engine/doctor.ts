/** Looks at everything that can be wrong with an installation and a library; changes nothing unless it is asked to. */
import { asSightlineError } from '../core/errors.js';
import type { ItemKind } from '../core/item.js';
import type { ProviderChoice } from '../core/provider.js';
import { type Encoder, verifyBundle } from '../encoder/mod.js';
import { Library } from '../index/mod.js';
import { examineVideos } from './intake-doctor.js';
import { examineLibrary, repairLibrary } from './library-doctor.js';
import { openEncoder } from './models.js';

export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'note' | 'problem';
  readonly detail: string;
}

export interface DoctorOptions {
  readonly dataDir: string;
  readonly model: string | undefined;
  readonly provider?: ProviderChoice | undefined;
  /** Mends the library before it is looked at. */
  readonly repair?: boolean | undefined;
  /** Told while an index is built again. */
  readonly onRebuild?: ((kind: ItemKind, done: number, total: number) => void) | undefined;
}

const OLDEST_NODE = [20, 19];

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  const fine = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const detail = `${process.version} on ${process.platform}-${process.arch}${fine ? '' : `; expected at least ${OLDEST_NODE.join('.')}`}`;
  return { check: 'node', verdict: fine ? 'ok' : 'problem', detail };
}

/** Runs a check; an error it throws is the finding. */
async function finding(check: string, look: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    const { code, message } = asSightlineError(error);
    return { check, verdict: 'problem', detail: `${code}: ${message}` };
  }
}

function checkModel(encoder: Encoder): Promise<Finding> {
  return finding('model', async () => {
    await verifyBundle(encoder.bundle);
    const { id } = encoder.bundle.manifest;
    return { verdict: 'ok', detail: `${id}: every file is what its manifest says` };
  });
}

function checkEncoder(encoder: Encoder): Promise<Finding> {
  return finding('encoder', async () => {
    const start = performance.now();
    const { embeddings } = await encoder.dual.embedTexts(['a photo']);
    const length = Math.hypot(...(embeddings[0] ?? []));
    const fine = Math.abs(length - 1) < 1e-3;
    const milliseconds = Math.round(performance.now() - start);
    const detail = fine
      ? `a text was embedded ${milliseconds} ms after loading began`
      : `expected a vector of length 1 but its length is ${length}`;
    return { verdict: fine ? 'ok' : 'problem', detail };
  });
}

export async function examine({
  dataDir,
  model,
  provider,
  repair,
  onRebuild,
}: DoctorOptions): Promise<Finding[]> {
  const findings: Finding[] = [checkNode(), await examineVideos()];
  let encoder: Encoder;
  try {
    encoder = await openEncoder({ model, dataDir, threads: 1, provider });
  } catch (error) {
    const { code, message } = asSightlineError(error);
    const check = code === 'ERR_PROVIDER_UNAVAILABLE' ? 'provider' : 'model';
    return [...findings, { check, verdict: 'problem', detail: `${code}: ${message}` }];
  }
  try {
    const { provider: used, reason } = encoder.provider;
    findings.push(await checkModel(encoder), await checkEncoder(encoder));
    findings.push({ check: 'provider', verdict: 'ok', detail: `${used}: ${reason}` });
    const { modelId, dimensions } = encoder.dual;
    const place = { dataDir, modelId, dimensions };
    if (repair && Library.exists(dataDir)) {
      const mended = await repairLibrary({ ...place, onRebuild });
      findings.push(...mended.map((detail): Finding => ({ check: 'repaired', verdict: 'ok', detail })));
    }
    findings.push(...(await examineLibrary(place)));
  } catch (error) {
    const { code, message } = asSightlineError(error);
    findings.push({ check: 'library', verdict: 'problem', detail: `${code}: ${message}` });
  } finally {
    await encoder.close();
  }
  return findings;
}
