/**
 * Every setting in one table: its flag, its environment variable, its default and a sentence. The command line, the
 * documentation and the validation are made from it, and nothing else reads the environment.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SightlineError } from './core/errors.js';
import { PROVIDER_CHOICES, type ProviderChoice } from './core/provider.js';
import { didYouMean } from './core/typo.js';

export interface Config {
  readonly dataDir: string;
  /** Absent where nobody said: then the library's own choice counts. */
  readonly model: string | undefined;
  /** Another model that reads what this one found. */
  readonly rerankModel: string | undefined;
  readonly threads: number | undefined;
  readonly idleMinutes: number;
  readonly provider: ProviderChoice;
  readonly host: string;
  readonly port: number;
  readonly insecure: boolean;
  readonly allowHost: readonly string[];
  /** Absent where nobody said: then it depends on the address. */
  readonly rateLimit: number | undefined;
  /** Reads SVG drawings, too. */
  readonly svg: boolean;
  readonly logLevel: string;
}

export interface Setting {
  readonly flag: string;
  readonly env: string;
  readonly sentence: string;
  /** As people read it in help and documentation. */
  readonly defaultText: string;
}

export const SETTINGS: Readonly<Record<keyof Config, Setting>> = {
  dataDir: {
    flag: '--data-dir <folder>',
    env: 'SIGHTLINE_DATA_DIR',
    sentence: 'where the library lies',
    defaultText: '$XDG_DATA_HOME/sightline',
  },
  model: {
    flag: '--model <name>',
    env: 'SIGHTLINE_MODEL',
    sentence: 'the embedded model, an imported one, or the folder of a bundle',
    defaultText: 'as chosen by models use, or embedded',
  },
  rerankModel: {
    flag: '--rerank-model <name>',
    env: 'SIGHTLINE_RERANK_MODEL',
    sentence: 'another model that reads what the first one found, a captioning one for example',
    defaultText: 'the model itself',
  },
  threads: {
    flag: '--threads <n>',
    env: 'SIGHTLINE_THREADS',
    sentence: 'cores that encoding may use',
    defaultText: 'all',
  },
  idleMinutes: {
    flag: '--idle-minutes <n>',
    env: 'SIGHTLINE_IDLE_MINUTES',
    sentence: 'minutes after which a model that nobody uses leaves memory; 0: never',
    defaultText: '15',
  },
  provider: {
    flag: '--provider <name>',
    env: 'SIGHTLINE_PROVIDER',
    sentence: 'what encoding runs on: auto, cpu, cuda, tensorrt, webgpu, dml or coreml',
    defaultText: 'auto',
  },
  host: {
    flag: '--host <address>',
    env: 'SIGHTLINE_HOST',
    sentence: 'address to listen on; anything but 127.0.0.1 lets others search your photos',
    defaultText: '127.0.0.1',
  },
  port: { flag: '--port <n>', env: 'SIGHTLINE_PORT', sentence: 'port to listen on', defaultText: '7280' },
  insecure: {
    flag: '--insecure',
    env: 'SIGHTLINE_INSECURE',
    sentence:
      "listen on another address than this machine's own without keys: everybody who reaches it may search",
    defaultText: 'no',
  },
  allowHost: {
    flag: '--allow-host <names>',
    env: 'SIGHTLINE_ALLOW_HOST',
    sentence: 'names, with commas between, that a proxy or a router gives this machine',
    defaultText: 'none',
  },
  rateLimit: {
    flag: '--rate-limit <n>',
    env: 'SIGHTLINE_RATE_LIMIT',
    sentence: 'requests a minute for each key or address, without pictures; 0: any number',
    defaultText: '1200, or none on 127.0.0.1',
  },
  svg: {
    flag: '--svg',
    env: 'SIGHTLINE_SVG',
    sentence: 'read SVG drawings too; they are small programs, which reach no other file',
    defaultText: 'no',
  },
  logLevel: {
    flag: '--log-level <level>',
    env: 'SIGHTLINE_LOG_LEVEL',
    sentence: 'silent, error, warn, info or debug',
    defaultText: 'warn',
  },
};

const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const SCHEMAS: { readonly [Key in keyof Config]: z.ZodType<Config[Key]> } = {
  dataDir: z.string().min(1, 'expected a folder'),
  model: z.string().min(1, 'expected the name of a model').optional(),
  rerankModel: z.string().min(1, 'expected the name of a model').optional(),
  threads: z.coerce.number().int().min(1).max(256).optional(),
  idleMinutes: z.coerce.number().min(0).max(10_000),
  provider: z.enum(PROVIDER_CHOICES),
  host: z.string().min(1, 'expected an address'),
  port: z.coerce.number().int().min(0).max(65_535),
  insecure: z.union([z.boolean(), z.stringbool()]),
  allowHost: z.union([z.array(z.string()), z.string().transform(commaList)]),
  rateLimit: z.coerce.number().int().min(0).optional(),
  svg: z.union([z.boolean(), z.stringbool()]),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
};

type Environment = Readonly<Record<string, string | undefined>>;

function defaults(environment: Environment): Config {
  const base = environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  const dataDir = join(base, 'sightline');
  return {
    dataDir,
    model: undefined,
    rerankModel: undefined,
    threads: undefined,
    idleMinutes: 15,
    provider: 'auto',
    host: '127.0.0.1',
    port: 7280,
    insecure: false,
    allowHost: [],
    rateLimit: undefined,
    svg: false,
    logLevel: 'warn',
  };
}

function refuseUnknownVariables(environment: Environment): void {
  const legal = Object.values(SETTINGS).map(({ env }) => env);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('SIGHTLINE_') || legal.includes(name)) continue;
    const message = `There is no setting ${name}.${didYouMean(name, legal)} Known: ${legal.join(', ')}.`;
    throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { name } });
  }
}

/**
 * Flags before environment before defaults, validated and frozen.
 * @param own defaults of one command
 * @throws ERR_CONFIG_INVALID naming where the bad value came from
 */
export function loadConfig(
  flags: Readonly<Partial<Record<string, unknown>>>,
  environment: Environment = process.env,
  own: Partial<Config> = {},
): Config {
  refuseUnknownVariables(environment);
  const base = { ...defaults(environment), ...own };
  const entries = (Object.keys(SETTINGS) as (keyof Config)[]).map((key) => {
    const { env, flag } = SETTINGS[key];
    const [source, value] =
      flags[key] !== undefined
        ? [flag, flags[key]]
        : environment[env]
          ? [env, environment[env]]
          : ['', base[key]];
    const parsed = SCHEMAS[key].safeParse(value);
    if (parsed.success) return [key, parsed.data];
    const reason = parsed.error.issues.map(({ message }) => message).join('; ');
    const message = `${source} is not valid: received ${JSON.stringify(value)}; ${reason}.`;
    throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { setting: key, source } });
  });
  return Object.freeze(Object.fromEntries(entries)) as Config;
}
