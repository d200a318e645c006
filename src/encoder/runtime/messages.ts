/** What the main thread and the session worker say to each other. */

export type TensorType = 'uint8' | 'int64' | 'float32';

export interface WireTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Uint8Array | BigInt64Array | Float32Array;
}

export type Tensors = Readonly<Record<string, WireTensor>>;

export interface RunRequest {
  readonly id: number;
  /** Path of an .onnx file; its session is made on first use and kept. */
  readonly graph: string;
  readonly feeds: Tensors;
}

export interface RunSuccess {
  readonly id: number;
  readonly outputs: Tensors;
}

export interface RunFailure {
  readonly id: number;
  readonly error: string;
}

export type RunReply = RunSuccess | RunFailure;

export interface WorkerSettings {
  readonly threads: number;
}
