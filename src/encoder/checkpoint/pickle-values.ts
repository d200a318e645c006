import type { TensorDtype } from './tensor-view.js';

/** What a pickle can come to mean here. Lists and tuples are both arrays; dictionaries of all classes are `Map`s. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<string | OtherKey, PickleValue>
  | PickleClass
  | InertObject
  | StorageReference
  | TensorReference;

/** A name that a pickle may mention. `construct` makes data of the arguments; no code of the file has a part in it. */
export class PickleClass {
  readonly name: string;
  readonly construct: (args: readonly PickleValue[]) => PickleValue;
  /** What a storage class says about its elements. */
  readonly dtype: TensorDtype | undefined;

  constructor(
    name: string,
    construct: (args: readonly PickleValue[]) => PickleValue,
    dtype: TensorDtype | undefined,
  ) {
    this.name = name;
    this.construct = construct;
    this.dtype = dtype;
  }
}

/** Stands for an object that may be in a checkpoint and of which nothing is needed. Whatever is put into it is dropped. */
export class InertObject {
  readonly className: string;

  constructor(className: string) {
    this.className = className;
  }
}

/**
 * Stands for a key of a dictionary that is not text, of which no more than its name is needed. Each is a key of its own:
 * looking for an equal one would mean to hash numbers.
 */
export class OtherKey {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The block of numbers that one or more tensors look at. */
export class StorageReference {
  readonly dtype: TensorDtype;
  readonly key: string;

  constructor(dtype: TensorDtype, key: string) {
    this.dtype = dtype;
    this.key = key;
  }
}

/** A tensor as the pickle describes it. Nothing has been checked against the storage yet. */
export class TensorReference {
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: StorageReference,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}
