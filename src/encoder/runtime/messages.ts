/** What the main thread and the session worker say to each other. */
import type { Provider } from '../../core/provider.js';

export type TensorType = 'uint8' | 'int32' | 'int64' | 'float32';

export interface WireTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Uint8Array | Int32Array | BigInt64Array | Float32Array;
}

export type Tensors = Readonly<Record<string, WireTensor>>;

export interface Run {
  /** Path of an .onnx file; its session is made on first use and kept while it is used. */
  readonly graph: string;
  readonly feeds: Tensors;
}

/** Asks what the worker holds. */
export interface Inspect {
  readonly inspect: true;
}

export type WorkerErrand = Run | Inspect;

export interface WorkerRequest {
  readonly id: number;
  readonly errand: WorkerErrand;
}

export interface RunSuccess {
  readonly id: number;
  readonly outputs: Tensors;
}

export interface RunFailure {
  readonly id: number;
  readonly error: string;
}

/** What an installation of the library can calculate with; what is not bundled needs files of its own. */
export interface Backend {
  readonly name: string;
  readonly bundled: boolean;
}

export interface Inspection {
  readonly backends: readonly Backend[];
  /** Graphs with a session in memory. */
  readonly loaded: readonly string[];
}

export interface InspectReply {
  readonly id: number;
  readonly inspection: Inspection;
}

export type WorkerReply = RunSuccess | RunFailure | InspectReply;

export interface WorkerSettings {
  readonly threads: number;
  /** A session that was not used for so long is let go; 0: never. */
  readonly idleMs: number;
  readonly provider: Provider;
  readonly fallBack: boolean;
  /** Its threads go behind others, where the system weighs threads for themselves. */
  readonly lowPriority: boolean;
}
