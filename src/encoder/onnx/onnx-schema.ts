/**
 * The part of ONNX's protobuf schema that a bundle's graphs use: field names and numbers of onnx.proto, IR version 9.
 * Large tensors never pass through here; they lie in the weights file and are only referred to.
 */
import protobuf from 'protobufjs';

export const IR_VERSION = 9;
export const OPSET = 20;
/** ONNX Runtime's own operators: fused attention and int8 matrix products. */
export const CONTRIB_DOMAIN = 'com.microsoft';

/** Numbers of TensorProto.DataType. */
export const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
export type OnnxType = keyof typeof DATA_TYPE;

/** Numbers of AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** TensorProto.DataLocation.EXTERNAL. */
export const EXTERNAL = 1;

const repeated = (type: string, id: number): protobuf.IField & { rule: string } => ({
  rule: 'repeated',
  type,
  id,
});
const field = (type: string, id: number): protobuf.IField => ({ type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field('int64', 1),
        producerName: field('string', 2),
        graph: field('GraphProto', 7),
        opsetImport: repeated('OperatorSetIdProto', 8),
      },
    },
    OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    GraphProto: {
      fields: {
        node: repeated('NodeProto', 1),
        name: field('string', 2),
        initializer: repeated('TensorProto', 5),
        docString: field('string', 10),
        input: repeated('ValueInfoProto', 11),
        output: repeated('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: repeated('AttributeProto', 5),
        domain: field('string', 7),
      },
    },
    AttributeProto: {
      fields: {
        name: field('string', 1),
        f: field('float', 2),
        i: field('int64', 3),
        s: field('bytes', 4),
        ints: repeated('int64', 8),
        type: field('int32', 20),
      },
    },
    TensorProto: {
      fields: {
        dims: repeated('int64', 1),
        dataType: field('int32', 2),
        name: field('string', 8),
        rawData: field('bytes', 9),
        externalData: repeated('StringStringEntryProto', 13),
        dataLocation: field('int32', 14),
      },
    },
    StringStringEntryProto: { fields: { key: field('string', 1), value: field('string', 2) } },
    ValueInfoProto: { fields: { name: field('string', 1), type: field('TypeProto', 2) } },
    TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: field('int32', 1), shape: field('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: repeated('DimensionProto', 1) } },
    DimensionProto: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
  },
});

const model = root.lookupType('ModelProto');

export interface NodeMessage {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly domain: string;
  readonly attribute: readonly Readonly<Record<string, unknown>>[];
}

/** A tensor's or a value's message, of which only the name is looked at. */
export interface NamedMessage {
  readonly name: string;
}

export interface GraphMessage {
  readonly name: string;
  readonly node: readonly NodeMessage[];
  readonly initializer: readonly NamedMessage[];
  readonly input: readonly NamedMessage[];
  readonly output: readonly NamedMessage[];
}

/** The graph of a model that `encodeModel` wrote. */
export function decodeGraph(bytes: Uint8Array): GraphMessage {
  const { graph } = model.decode(bytes) as unknown as { readonly graph: GraphMessage };
  return graph;
}

/** The bytes of a model with this graph, whose messages follow the field names above. */
export function encodeModel(graph: Readonly<Record<keyof GraphMessage, unknown>>): Uint8Array {
  const message = {
    irVersion: IR_VERSION,
    producerName: 'sightline',
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: CONTRIB_DOMAIN, version: 1 },
    ],
    graph,
  };
  return model.encode(model.create(message)).finish();
}
