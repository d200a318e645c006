import { damagedFiles, Encoder, type GraphProbe } from '../encoder/mod.js';
import { resolveModel } from './models.js';

export interface ModelReport {
  readonly id: string;
  readonly folder: string;
  /** Every file is what its manifest says, and every graph does what it should. */
  readonly sound: boolean;
  readonly files: readonly { readonly file: string; readonly bytes: number; readonly intact: boolean }[];
  readonly graphs: readonly GraphProbe[];
}

export interface VerifyOptions {
  readonly model: string | undefined;
  readonly dataDir: string;
  readonly threads?: number | undefined;
}

/**
 * Reads every file of a model and runs every graph once. Damaged files are told, and nothing is run from them.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID where the bundle cannot even be opened
 */
export async function verifyModel({ model, dataDir, threads }: VerifyOptions): Promise<ModelReport> {
  const folder = await resolveModel(model, dataDir);
  await using encoder = await Encoder.open(folder, { threads });
  const { manifest } = encoder.bundle;
  const damaged = await damagedFiles(encoder.bundle);
  const graphs = damaged.length === 0 ? await encoder.probe() : [];
  const files = Object.entries(manifest.files).map(([file, { bytes }]) => ({
    file,
    bytes,
    intact: !damaged.includes(file),
  }));
  const sound = damaged.length === 0 && graphs.every(({ problems }) => problems.length === 0);
  return { id: manifest.id, folder, sound, files, graphs };
}
