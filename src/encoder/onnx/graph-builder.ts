import { ATTRIBUTE_TYPE, CONTRIB_DOMAIN, DATA_TYPE, encodeModel, type OnnxType } from './onnx-schema.js';
import { externalInitializer, type WeightFile } from './weight-file.js';

/** A value in the graph: the name of a node's output, an input or an initializer. */
export type Value = string;

/** A fixed size, or the name of one that is known only at run time (`N`, `T`). */
export type Dimension = number | string;

type Attribute = { readonly float: number } | number | string | readonly number[];

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: typeof CONTRIB_DOMAIN;
}

function attributeMessage(name: string, value: Attribute): Record<string, unknown> {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
  if ('float' in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: value };
}

function valueInfo(name: string, type: OnnxType, shape: readonly Dimension[]): Record<string, unknown> {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: DATA_TYPE[type], shape: { dim } } } };
}

/** Collects nodes in the order they are called for, which is an order they can run in. */
export class GraphBuilder {
  readonly #name: string;
  readonly #weights: WeightFile;
  readonly #weightsFile: string;
  readonly #nodes: Record<string, unknown>[] = [];
  readonly #inputs: Record<string, unknown>[] = [];
  readonly #outputs: Record<string, unknown>[] = [];
  readonly #initializers = new Map<string, Record<string, unknown>>();

  constructor(name: string, weights: WeightFile, weightsFile: string) {
    this.#name = name;
    this.#weights = weights;
    this.#weightsFile = weightsFile;
  }

  input(name: string, type: OnnxType, shape: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, value: Value, type: OnnxType, shape: readonly Dimension[]): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [name], name });
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A tensor of the weights file. */
  weight(name: string): Value {
    if (!this.#initializers.has(name)) {
      this.#initializers.set(name, externalInitializer(name, this.#weights.get(name), this.#weightsFile));
    }
    return name;
  }

  hasWeight(name: string): boolean {
    return this.#weights.has(name);
  }

  weightType(name: string): OnnxType {
    return this.#weights.get(name).type;
  }

  /** A small integer tensor, kept inside the graph; a number makes a scalar. */
  integers(values: number | readonly number[], type: 'int64' | 'int32' = 'int64'): Value {
    const list = typeof values === 'number' ? [values] : values;
    const name = `${type}:${JSON.stringify(values)}`;
    const data = type === 'int64' ? BigInt64Array.from(list, BigInt) : Int32Array.from(list);
    this.#inline(name, type, typeof values === 'number' ? [] : [list.length], data);
    return name;
  }

  /** A float32 scalar, kept inside the graph. */
  scalar(value: number): Value {
    const name = `float32:${value}`;
    this.#inline(name, 'float32', [], Float32Array.of(value));
    return name;
  }

  /** Adds a node and returns its outputs. Empty names among the inputs stand for optional ones left out. */
  nodes(operator: string, inputs: readonly Value[], outputs: number, options: NodeOptions = {}): Value[] {
    const name = `${operator}_${this.#nodes.length}`;
    const names = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? name : `${name}:${i}`));
    this.#nodes.push({
      opType: operator,
      name,
      input: inputs,
      output: names,
      domain: options.domain ?? '',
      attribute: Object.entries(options.attributes ?? {}).map(([key, value]) => attributeMessage(key, value)),
    });
    return names;
  }

  /** Adds a node that has one output and returns it. */
  node(operator: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    return this.nodes(operator, inputs, 1, options)[0] as Value;
  }

  encode(): Uint8Array {
    return encodeModel({
      name: this.#name,
      node: this.#nodes,
      initializer: [...this.#initializers.values()],
      input: this.#inputs,
      output: this.#outputs,
    });
  }

  #inline(name: string, type: OnnxType, dims: readonly number[], data: ArrayBufferView): void {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.set(name, { name, dims, dataType: DATA_TYPE[type], rawData });
  }
}
