/**
 * The worker that owns the ONNX Runtime sessions: the only file that knows the library. `run` blocks its thread, which is
 * why that thread is never the one that answers requests.
 */
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { LeasePool } from './lease-pool.js';
import type {
  Inspection,
  Run,
  Tensors,
  WireTensor,
  WorkerReply,
  WorkerRequest,
  WorkerSettings,
} from './messages.js';
import type { Provider } from '../../core/provider.js';
import { backgroundNiceness } from '../../core/niceness.js';

/** As a thread it is told its settings by `workerData`, as a process by its argument. */
const settings = (parentPort ? workerData : JSON.parse(process.argv[2] ?? '{}')) as WorkerSettings;
const { threads, idleMs } = settings;
let { provider } = settings;

/** Linux weighs each thread for itself; the threads that a session starts take after the one that makes it. */
if (settings.lowPriority && process.platform === 'linux') setPriority(backgroundNiceness());

/** Errors only; warnings about graph clean-up are of no use to anybody. */
const LOG_ERRORS = 3;

async function sessionOn(graph: string, chosen: Provider): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [chosen],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_ERRORS,
    extra: {
      session: {
        // A thread waits for the next part of a run by spinning, for a few microseconds only: waking it costs more, above
        // all on a virtual machine, and spinning on would keep the cores from the decoders that feed it.
        intra_op: { allow_spinning: '1', spin_duration_us: '20' },
        model_external_initializers_file_folder_path: dirname(graph),
      },
    },
  };
  if (chosen !== 'webgpu') return InferenceSession.create(graph, options);
  const { withOpenAttention } = await import('../beit3/open-attention.js');
  return InferenceSession.create(withOpenAttention(await readFile(graph)), options);
}

async function createSession(graph: string): Promise<InferenceSession> {
  if (!settings.fallBack || provider === 'cpu') return sessionOn(graph, provider);
  try {
    return await sessionOn(graph, provider);
  } catch {
    // A card or driver that was there when the provider was chosen is not any more.
    provider = 'cpu';
    return sessionOn(graph, provider);
  }
}

const sessions = new LeasePool<InferenceSession>({
  create: createSession,
  release: (session) => session.release(),
  idleMs,
});

function outputs(values: InferenceSession.OnnxValueMapType): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { type, dims, data } = value;
      return [name, { type, dims, data } as WireTensor];
    }),
  );
}

function run({ graph, feeds }: Run): Promise<Tensors> {
  return sessions.use(graph, async (session) => {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
    );
    return outputs(await session.run(tensors));
  });
}

function inspection(): Inspection {
  const backends = listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }));
  return { backends, loaded: sessions.keys() };
}

async function answer({ id, errand }: WorkerRequest): Promise<WorkerReply> {
  try {
    if ('inspect' in errand) return { id, inspection: inspection() };
    return { id, outputs: await run(errand) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

if (parentPort) {
  const port = parentPort;
  port.on('message', (request: WorkerRequest) => {
    void answer(request).then((reply) => port.postMessage(reply));
  });
} else {
  process.on('message', (request: WorkerRequest) => {
    void answer(request).then((reply) => process.send?.(reply));
  });
}
