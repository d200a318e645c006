import { malformed } from './checkpoint-fault.js';
import { type OtherKey, type PickleValue, TensorReference } from './pickle-values.js';

export interface StateDict {
  /** In file order. */
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** Entries beside the weights: optimizer, args, … */
  readonly skipped: readonly string[];
}

/** Where training scripts and DeepSpeed keep the weights; tried in this order, as the official loader does. */
const WEIGHTS_KEYS = ['model', 'module'] as const;

/**
 * The weights in what a checkpoint holds: under `model`, else under `module`, else the dictionary itself.
 *
 * @throws CheckpointFault where no tensor is there
 */
export function findStateDict(root: PickleValue): StateDict {
  if (!(root instanceof Map)) throw malformed('it does not hold a dictionary of tensors');
  const key = WEIGHTS_KEYS.find((candidate) => root.get(candidate) instanceof Map);
  const weights = key === undefined ? root : (root.get(key) as typeof root);

  const tensors = new Map<string, TensorReference>();
  const skipped = weights === root ? [] : [...root.keys()].filter((name) => name !== key).map(nameOf);
  for (const [name, value] of weights) {
    if (typeof name === 'string' && value instanceof TensorReference) tensors.set(name, value);
    else skipped.push(nameOf(name));
  }
  if (tensors.size === 0) throw malformed('it holds no tensors');
  return { tensors, skipped };
}

function nameOf(key: string | OtherKey): string {
  return typeof key === 'string' ? key : key.name;
}
