/** Looks at everything that can be wrong with an installation and a library, and changes nothing. */
import { asSightlineError } from '../core/errors.js';
import type { ProviderChoice } from '../core/provider.js';
import { type Encoder, verifyBundle } from '../encoder/mod.js';
import { Library } from '../index/mod.js';
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

async function checkLibrary(encoder: Encoder, dataDir: string): Promise<Finding[]> {
  if (!Library.exists(dataDir)) {
    return [
      {
        check: 'library',
        verdict: 'note',
        detail: `there is none at ${dataDir} yet: sightline ingest FOLDER`,
      },
    ];
  }
  const { modelId, dimensions } = encoder.dual;
  await using library = await Library.open({ folder: dataDir, modelId, dimensions, readOnly: true });
  const { items, failed, generation } = library.statistics();
  const { problems, unembedded, drift } = library.examine();
  const missing = drift.photo.missing + drift.caption.missing;
  const surplus = drift.photo.surplus + drift.caption.surplus;
  return [
    {
      check: 'catalog',
      verdict: problems.length > 0 ? 'problem' : 'ok',
      detail:
        problems.length > 0
          ? problems.join('; ')
          : `${items.photo} photos, ${items.caption} captions, generation ${generation}`,
    },
    {
      check: 'embeddings',
      verdict: unembedded > 0 ? 'problem' : 'ok',
      detail:
        unembedded > 0 ? `${unembedded} items have none for this model: ingest again` : 'every item has one',
    },
    {
      check: 'vector index',
      verdict: missing + surplus > 0 ? 'problem' : 'ok',
      detail:
        missing + surplus > 0 ? `${missing} vectors missing, ${surplus} too many` : 'agrees with the rows',
    },
    {
      check: 'failures',
      verdict: failed > 0 ? 'note' : 'ok',
      detail: failed > 0 ? `${failed} files could not be ingested: sightline stats` : 'none',
    },
  ];
}

export async function examine({ dataDir, model, provider }: DoctorOptions): Promise<Finding[]> {
  const findings: Finding[] = [checkNode()];
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
    findings.push(...(await checkLibrary(encoder, dataDir)));
  } catch (error) {
    const { code, message } = asSightlineError(error);
    findings.push({ check: 'library', verdict: 'problem', detail: `${code}: ${message}` });
  } finally {
    await encoder.close();
  }
  return findings;
}
