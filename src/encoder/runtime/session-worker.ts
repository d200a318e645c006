/**
 * The worker that owns the ONNX Runtime sessions: the only file that knows the library. `run` blocks its thread, which is
 * why that thread is never the one that answers requests.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { LeasePool } from './lease-pool.js';
import type { Run, Tensors, WireTensor, WorkerReply, WorkerRequest, WorkerSettings } from './messages.js';

const { threads, idleMs } = workerData as WorkerSettings;

/** Errors only; warnings about graph clean-up are of no use to anybody. */
const LOG_ERRORS = 3;

function createSession(graph: string): Promise<InferenceSession> {
  return InferenceSession.create(graph, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_ERRORS,
    // Spinning threads would keep the cores from the decoders that feed them.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
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

async function answer({ id, errand }: WorkerRequest): Promise<WorkerReply> {
  try {
    if ('inspect' in errand) return { id, inspection: { loaded: sessions.keys() } };
    return { id, outputs: await run(errand) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
