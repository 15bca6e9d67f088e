import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx/generated/onnx_pb.js';

/** A dimension: a known size, or the name of one that is chosen at run time (`batch`). */
export type Dim = number | string;
export type ElementType = 'float32' | 'float16' | 'int64' | 'bool';

/** A tensor inside a graph under construction. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dim[];
}

/** Where an initialiser's bytes lie: a file beside the graph, read in place by onnxruntime. */
export interface ExternalBytes {
  location: string;
  offset: number;
  length: number;
}

export type Attribute = number | bigint | string | readonly number[] | { float: number };

const irVersion = 10n;
const opsetVersion = 20n;

const dataTypes: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/**
 * An ONNX graph under construction: inputs, initialisers, nodes and outputs, serialised by the official protobuf
 * schema. It knows nothing of what an operator means; ops.ts does.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, Value>();
  /** Public names of node outputs, given when the graph is built. */
  readonly #outputNames = new Map<string, string>();
  #nextId = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dim[]): Value {
    const value = { name, type, shape };
    this.#inputs.push(valueInfo(value));
    return value;
  }

  /** A small constant stored inside the graph; equal constants are shared. */
  constant(type: 'float32' | 'int64', data: readonly number[], shape: readonly number[]): Value {
    const key = `${type}[${shape.join(',')}]:${data.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const bytes = type === 'int64' ? BigInt64Array.from(data, (item) => BigInt(item)) : Float32Array.from(data);
    const value: Value = { name: `const_${this.#nextId++}`, type, shape };
    this.#initializers.push(
      create(TensorProtoSchema, {
        name: value.name,
        dataType: dataTypes[type],
        dims: shape.map(BigInt),
        rawData: new Uint8Array(bytes.buffer),
      }),
    );
    this.#constants.set(key, value);
    return value;
  }

  /** A weight that stays in its own file (a safetensors file, for instance), at any alignment. */
  external(name: string, type: ElementType, shape: readonly number[], bytes: ExternalBytes): Value {
    const entries = { location: bytes.location, offset: String(bytes.offset), length: String(bytes.length) };
    this.#initializers.push(
      create(TensorProtoSchema, {
        name,
        dataType: dataTypes[type],
        dims: shape.map(BigInt),
        dataLocation: DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) =>
          create(StringStringEntryProtoSchema, { key, value }),
        ),
      }),
    );
    return { name, type, shape };
  }

  /** Adds one operator; `results` gives the element type and shape of each of its outputs. */
  node(
    operator: string,
    inputs: readonly Value[],
    results: readonly { type: ElementType; shape: readonly Dim[] }[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const id = this.#nextId++;
    const outputs = results.map((result, index) => ({ ...result, name: `${operator}_${id}_${index}` }));
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: `${operator}_${id}`,
        opType: operator,
        input: inputs.map((input) => input.name),
        output: outputs.map((output) => output.name),
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
    return outputs;
  }

  /** Declares `value` an output of the graph under a public name. */
  output(name: string, value: Value): void {
    const computed = this.#nodes.some((node) => node.output.includes(value.name));
    if (computed && !this.#outputNames.has(value.name)) this.#outputNames.set(value.name, name);
    // An input, a weight or a second name for the same value needs a node of its own, which copies.
    else this.#nodes.push(create(NodeProtoSchema, { name, opType: 'Identity', input: [value.name], output: [name] }));
    this.#outputs.push(valueInfo({ ...value, name }));
  }

  /** The serialised ModelProto, ready for an onnxruntime session. */
  build(): Uint8Array {
    const publicName = (name: string) => this.#outputNames.get(name) ?? name;
    for (const node of this.#nodes) {
      node.input = node.input.map(publicName);
      node.output = node.output.map(publicName);
    }
    const model = create(ModelProtoSchema, {
      irVersion,
      producerName: 'strata',
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: opsetVersion })],
      graph: create(GraphProtoSchema, {
        name: this.#name,
        input: this.#inputs,
        output: this.#outputs,
        initializer: this.#initializers,
        node: this.#nodes,
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }
}

function valueInfo(value: Value): ValueInfoProto {
  const dim = value.shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  );
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: dataTypes[value.type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } });
  return create(ValueInfoProtoSchema, { name: value.name, type });
}

/** A number becomes an integer attribute: ONNX attributes of float type are written `{ float: 0.5 }`. */
function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}
