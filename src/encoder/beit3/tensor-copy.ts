import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { WeightFile } from '../onnx/weight-file.js';
import { type Precision, writeLinear } from './precision.js';

/** Takes single layers from a checkpoint to a bundle's weights under a name of ours. */
export class TensorCopy {
  readonly checkpoint: Checkpoint;
  readonly weights: WeightFile;

  constructor(checkpoint: Checkpoint, weights: WeightFile) {
    this.checkpoint = checkpoint;
    this.weights = weights;
  }

  async norm(from: string, to: string): Promise<void> {
    for (const part of ['weight', 'bias']) {
      const values = await this.checkpoint.readFloat32(`${from}.${part}`);
      await this.weights.add(`${to}.${part}`, 'float32', [values.length], values);
    }
  }

  /** A linear layer, with its bias where the file has one. */
  async linear(from: string, to: string, precision: Precision): Promise<void> {
    const [outputs = 0, inputs = 0] = this.checkpoint.tensors.get(`${from}.weight`)?.shape ?? [];
    const weight = await this.checkpoint.readFloat32(`${from}.weight`);
    const hasBias = this.checkpoint.tensors.has(`${from}.bias`);
    const bias = hasBias ? { bias: await this.checkpoint.readFloat32(`${from}.bias`) } : {};
    await writeLinear(this.weights, to, { weight, outputs, inputs, ...bias }, precision);
  }
}
