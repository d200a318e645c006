/**
 * The names that a checkpoint may mention, and what stands for them.
 *
 * A pickle is a program: it can name any function that Python can import, and have it called. Here a name is looked up in a
 * short list and becomes data; a name that is not on it ends the reading. `os.system` is refused for the same reason as a
 * harmless class nobody thought of, so the list errs on the safe side, and its error names the class.
 */
import { CheckpointFault, malformed } from './checkpoint-fault.js';
import {
  InertObject,
  PickleClass,
  type PickleValue,
  StorageReference,
  TensorReference,
} from './pickle-values.js';
import { MAX_RANK, type TensorDtype } from './tensor-view.js';

/** Characters of a name in a message. */
const MAX_NAME = 200;

const STORAGES: Readonly<Record<string, TensorDtype>> = {
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  DoubleStorage: 'float64',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

/** What training scripts leave beside the weights. Their contents are never looked at. */
const INERT = `
  argparse.Namespace
  builtins.bool builtins.bytearray builtins.bytes builtins.complex builtins.dict builtins.float builtins.frozenset
  builtins.int builtins.list builtins.set builtins.slice builtins.str builtins.tuple
  collections.Counter collections.defaultdict collections.deque
  _codecs.encode
  numpy.dtype numpy.ndarray
  numpy.core.multiarray.scalar numpy.core.multiarray._reconstruct
  numpy._core.multiarray.scalar numpy._core.multiarray._reconstruct
  pathlib.PosixPath pathlib.PurePosixPath pathlib.WindowsPath pathlib.PureWindowsPath
  torch.device torch.torch_version.TorchVersion torch.serialization._get_layout
  torch.float32 torch.float16 torch.bfloat16 torch.float64 torch.int64 torch.int32 torch.int16 torch.int8 torch.uint8 torch.bool
`
  .trim()
  .split(/\s+/);

const CLASSES: ReadonlyMap<string, PickleClass> = new Map(
  [
    new PickleClass('collections.OrderedDict', orderedDict, undefined),
    new PickleClass('torch.Size', ([sizes = []]) => sizes, undefined),
    new PickleClass('torch._utils._rebuild_tensor', rebuildTensor, undefined),
    new PickleClass('torch._utils._rebuild_tensor_v2', rebuildTensor, undefined),
    new PickleClass('torch._utils._rebuild_parameter', ([tensor = null]) => tensor, undefined),
    ...Object.entries(STORAGES).map(
      ([name, dtype]) => new PickleClass(`torch.${name}`, refuseCall(`torch.${name}`), dtype),
    ),
    ...INERT.map((name) => new PickleClass(name, () => new InertObject(name), undefined)),
  ].map((entry) => [entry.name, entry]),
);

/** Python 2 and pickle protocol 2 know the builtins by another name. */
const PYTHON_2_BUILTINS = '__builtin__';

/** @throws CheckpointFault (`ERR_CHECKPOINT_UNSAFE`) for a name that is not on the list */
export function findClass(module: string, name: string): PickleClass {
  const asked = `${module === PYTHON_2_BUILTINS ? 'builtins' : module}.${name}`;
  const known = CLASSES.get(asked);
  if (known) return known;
  throw new CheckpointFault(
    'ERR_CHECKPOINT_UNSAFE',
    `it asks for ${JSON.stringify(asked.slice(0, MAX_NAME))}, which a table of weights does not need`,
  );
}

/**
 * The storage that a persistent id names: ('storage', class, key, device, element count), in the legacy format with a sixth
 * member, None.
 *
 * @throws CheckpointFault
 */
export function findStorage(id: PickleValue): StorageReference {
  if (!Array.isArray(id)) throw malformed('a storage of it is named by something other than a tuple');
  const [tag, storageClass, key, , , view = null] = id;
  if (tag !== 'storage' || !(storageClass instanceof PickleClass) || typeof key !== 'string')
    throw malformed('a storage of it is not named as torch.save does');
  if (storageClass.dtype === undefined) throw malformed(`it uses ${storageClass.name} as a storage`);
  if (view !== null)
    throw new CheckpointFault(
      'ERR_CHECKPOINT_UNSUPPORTED',
      'its storages are views of one another, as PyTorch before 0.4 wrote them',
    );
  return new StorageReference(storageClass.dtype, key);
}

/** torch.save makes it empty and fills it afterwards. */
function orderedDict(args: readonly PickleValue[]): PickleValue {
  if (args.length > 0) throw malformed('an OrderedDict of it is not made empty and then filled');
  return new Map();
}

/** (storage, offset, size, stride, …): what follows is about gradients. */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): PickleValue {
  if (!(storage instanceof StorageReference) || typeof offset !== 'number')
    throw malformed('a tensor of it has no storage or no offset');
  return new TensorReference(storage, offset, numbers(shape), numbers(strides));
}

/** A copy: the pickle may go on to fill its own list with anything. */
function numbers(value: PickleValue | undefined): number[] {
  if (Array.isArray(value) && value.length <= MAX_RANK && value.every((item) => typeof item === 'number'))
    return [...value];
  throw malformed('the shape or the strides of one of its tensors are not short lists of whole numbers');
}

function refuseCall(name: string): () => never {
  return () => {
    throw malformed(`it calls ${name}, which torch.save only ever names`);
  };
}
