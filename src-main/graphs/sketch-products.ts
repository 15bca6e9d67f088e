import { create, toBinary } from '@bufbuild/protobuf';
import type { Sketch } from '../core/sketch.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx/generated/onnx_pb.js';

/**
 * Products of whole numbers with a sketch, which is part of the graph. Input: `digits` [2, size], bytes about 128.
 * Output: `products` [2, rows], int32. Written without GraphBuilder, whose operators are all of floating point.
 */
export function sketchProductsGraph({ matrix, size, rows }: Pick<Sketch, 'matrix' | 'size' | 'rows'>): Uint8Array {
  const { UINT8, INT8, INT32 } = TensorProto_DataType;
  const dims = [BigInt(size), BigInt(rows)];
  const value = (name: string, elemType: number, shape: number[]) => {
    const dim = shape.map((length) =>
      create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(length) } }),
    );
    const tensor = create(TypeProto_TensorSchema, { elemType, shape: create(TensorShapeProtoSchema, { dim }) });
    const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
    return create(ValueInfoProtoSchema, { name, type });
  };
  const bytes = new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.byteLength);
  const graph = create(GraphProtoSchema, {
    name: 'sketch-products',
    input: [value('digits', UINT8, [2, size])],
    output: [value('products', INT32, [2, rows])],
    initializer: [
      create(TensorProtoSchema, { name: 'sketch', dataType: INT8, dims, rawData: bytes }),
      create(TensorProtoSchema, { name: 'zero', dataType: UINT8, dims: [], rawData: Uint8Array.of(128) }),
    ],
    node: [
      create(NodeProtoSchema, { opType: 'MatMulInteger', input: ['digits', 'sketch', 'zero'], output: ['products'] }),
    ],
  });
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 20n })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 10n, opsetImport, graph }));
}
