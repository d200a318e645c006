/**
 * The worker that owns the ONNX Runtime sessions: the only file that knows the library. `run` blocks its thread, which is
 * why that thread is never the one that answers requests.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunReply, RunRequest, Tensors, WireTensor, WorkerSettings } from './messages.js';

const { threads } = workerData as WorkerSettings;

/** Errors only; warnings about graph clean-up are of no use to anybody. */
const LOG_ERRORS = 3;

const sessions = new Map<string, Promise<InferenceSession>>();

function sessionFor(graph: string): Promise<InferenceSession> {
  const known = sessions.get(graph);
  if (known) return known;
  const created = InferenceSession.create(graph, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_ERRORS,
    // Spinning threads would keep the cores from the decoders that feed them.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  sessions.set(graph, created);
  // A session that could not be made is not kept: the next run tries again.
  created.catch(() => sessions.delete(graph));
  return created;
}

function outputs(values: InferenceSession.OnnxValueMapType): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { type, dims, data } = value;
      return [name, { type, dims, data } as WireTensor];
    }),
  );
}

async function run({ id, graph, feeds }: RunRequest): Promise<RunReply> {
  try {
    const session = await sessionFor(graph);
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
    );
    return { id, outputs: outputs(await session.run(tensors)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (request: RunRequest) => {
  void run(request).then((reply) => parentPort?.postMessage(reply));
});
