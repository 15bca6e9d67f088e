import type { TensorOps } from '../core/tensor-ops.ts';
import type { Attribute, Dim, ElementType, GraphBuilder, Value } from './builder.ts';

/**
 * ONNX operators with their shape rules. A shape that does not fit throws while the graph is being written, with the
 * operator's name and both shapes, rather than when a session is created.
 */
export class Ops implements TensorOps<Value> {
  readonly graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  scalar(value: number): Value {
    return this.graph.constant('float32', [value], [1]);
  }

  ints(values: readonly number[]): Value {
    return this.graph.constant('int64', values, [values.length]);
  }

  add(a: Value, b: Value): Value {
    return this.#elementwise('Add', a, b);
  }

  sub(a: Value, b: Value): Value {
    return this.#elementwise('Sub', a, b);
  }

  mul(a: Value, b: Value): Value {
    return this.#elementwise('Mul', a, b);
  }

  div(a: Value, b: Value): Value {
    return this.#elementwise('Div', a, b);
  }

  min(a: Value, b: Value): Value {
    return this.#elementwise('Min', a, b);
  }

  max(a: Value, b: Value): Value {
    return this.#elementwise('Max', a, b);
  }

  greater(a: Value, b: Value): Value {
    return this.cast(this.#elementwise('Greater', a, b, 'bool'), 'float32');
  }

  neg(a: Value): Value {
    return this.#unary('Neg', a);
  }

  abs(a: Value): Value {
    return this.#unary('Abs', a);
  }

  exp(a: Value): Value {
    return this.#unary('Exp', a);
  }

  tanh(a: Value): Value {
    return this.#unary('Tanh', a);
  }

  relu(a: Value): Value {
    return this.#unary('Relu', a);
  }

  sqrt(a: Value): Value {
    return this.#unary('Sqrt', a);
  }

  sigmoid(a: Value): Value {
    return this.#unary('Sigmoid', a);
  }

  /** The exact (erf) form. */
  gelu(a: Value): Value {
    return this.#unary('Gelu', a);
  }

  cast(a: Value, type: ElementType): Value {
    if (a.type === type) return a;
    const to = { float32: 1, float16: 10, int64: 7, bool: 9 }[type];
    return this.#one('Cast', [a], type, a.shape, { to });
  }

  /** a [rows, inner] or its transpose, times b [inner, columns] or its transpose, plus c broadcast to the result. */
  gemm(a: Value, b: Value, c?: Value, transpose: { a?: boolean; b?: boolean } = {}): Value {
    const [rows, inner] = transpose.a ? [a.shape[1], a.shape[0]] : a.shape;
    const [innerOfB, columns] = transpose.b ? [b.shape[1], b.shape[0]] : b.shape;
    if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== innerOfB) {
      throw new Error(`Gemm: shapes ${describe(a)} and ${describe(b)} do not fit (${JSON.stringify(transpose)})`);
    }
    const shape = [rows as Dim, columns as Dim];
    if (c) broadcast('Gemm bias', c.shape, shape);
    const attributes = { transA: transpose.a ? 1 : 0, transB: transpose.b ? 1 : 0 };
    return this.#one('Gemm', c ? [a, b, c] : [a, b], 'float32', shape, attributes);
  }

  /** Batched product over the last two axes; the leading axes of both must be equal. */
  matmul(a: Value, b: Value): Value {
    const lead = a.shape.slice(0, -2);
    const fits = a.shape.at(-1) === b.shape.at(-2) && lead.join() === b.shape.slice(0, -2).join();
    if (!fits) throw new Error(`MatMul: shapes ${describe(a)} and ${describe(b)} do not fit`);
    return this.#one('MatMul', [a, b], 'float32', [...lead, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim]);
  }

  transpose(a: Value, permutation: readonly number[]): Value {
    const shape = permutation.map((axis) => a.shape[axis] as Dim);
    return this.#one('Transpose', [a], a.type, shape, { perm: permutation });
  }

  /** `shape` may hold one named dimension, which is worked out at run time. */
  reshape(a: Value, shape: readonly Dim[]): Value {
    const sizes = shape.map((size) => (typeof size === 'number' ? size : -1));
    if (sizes.filter((size) => size === -1).length > 1) throw new Error(`Reshape: ${shape} has two unknown sizes`);
    return this.#one('Reshape', [a, this.ints(sizes)], a.type, shape);
  }

  concat(values: readonly Value[], axis: number): Value {
    const first = values[0] as Value;
    const size = sumDims(values.map((value) => value.shape[axis] as Dim));
    const shape = first.shape.map((dim, at) => (at === axis ? size : dim));
    return this.#one('Concat', values, first.type, shape, { axis });
  }

  /** Parts of `a` along `axis` with the given sizes. */
  split(a: Value, sizes: readonly number[], axis: number): Value[] {
    const results = sizes.map((size) => ({
      type: a.type,
      shape: a.shape.map((dim, at) => (at === axis ? size : dim)),
    }));
    return this.graph.node('Split', [a, this.ints(sizes)], results, { axis });
  }

  /** a[..., from:to, ...] along `axis`. */
  slice(a: Value, axis: number, from: number, to: number): Value {
    const shape = a.shape.map((dim, at) => (at === axis ? to - from : dim));
    return this.#one('Slice', [a, this.ints([from]), this.ints([to]), this.ints([axis])], a.type, shape);
  }

  /** Zeros before and after the entries of `axis`. */
  pad(a: Value, axis: number, before: number, after: number): Value {
    const pads = Array<number>(a.shape.length * 2).fill(0);
    pads[axis] = before;
    pads[a.shape.length + axis] = after;
    const shape = a.shape.map((size, at) => (at === axis ? (size as number) + before + after : size));
    return this.#one('Pad', [a, this.ints(pads)], a.type, shape);
  }

  gather(a: Value, indices: Value, axis: number): Value {
    const shape = [...a.shape.slice(0, axis), ...indices.shape, ...a.shape.slice(axis + 1)];
    return this.#one('Gather', [a, indices], a.type, shape, { axis });
  }

  conv(a: Value, kernel: Value, stride: number, outputSize: number): Value {
    const shape = [a.shape[0] as Dim, kernel.shape[0] as Dim, outputSize, outputSize];
    return this.#one('Conv', [a, kernel], 'float32', shape, { strides: [stride, stride] });
  }

  layerNorm(a: Value, scale: Value, bias: Value, epsilon: number): Value {
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    return this.#one('LayerNormalization', [a, scale, bias], 'float32', a.shape, attributes);
  }

  softmax(a: Value): Value {
    return this.#one('Softmax', [a], 'float32', a.shape, { axis: -1 });
  }

  topKMask(a: Value, k: number): Value {
    const columns = a.shape[1] as number;
    const count = Math.min(k, columns);
    const [values, indices] = this.graph.node(
      'TopK',
      [a, this.ints([count])],
      [
        { type: 'float32', shape: [a.shape[0] as Dim, count] },
        { type: 'int64', shape: [a.shape[0] as Dim, count] },
      ],
      { axis: -1, largest: 1, sorted: 1 },
    ) as [Value, Value];
    const zeros = this.#filled(0, a);
    const ones = this.#filled(1, values);
    return this.#one('ScatterElements', [zeros, indices, ones], 'float32', a.shape, { axis: 1 });
  }

  sumRows(a: Value): Value {
    return this.reduce('ReduceSum', a, [0], true);
  }

  sumAll(a: Value): Value {
    return this.reduce('ReduceSum', a, undefined, false);
  }

  reduce(
    operator: 'ReduceSum' | 'ReduceSumSquare' | 'ReduceMean',
    a: Value,
    axes: number[] | undefined,
    keep: boolean,
  ): Value {
    const shape = a.shape.flatMap((dim, at) => (axes === undefined || axes.includes(at) ? (keep ? [1] : []) : [dim]));
    const inputs = axes === undefined ? [a] : [a, this.ints(axes)];
    return this.#one(operator, inputs, 'float32', shape, { keepdims: keep ? 1 : 0 });
  }

  /** A tensor of one value in the shape of `like`; a constant where that shape is known. */
  #filled(value: number, like: Value): Value {
    if (like.shape.every((size) => typeof size === 'number')) {
      return this.#one('Expand', [this.scalar(value), this.ints(like.shape)], 'float32', like.shape);
    }
    return this.add(this.mul(like, this.scalar(0)), this.scalar(value));
  }

  #elementwise(operator: string, a: Value, b: Value, type: ElementType = a.type): Value {
    return this.#one(operator, [a, b], type, broadcast(operator, a.shape, b.shape));
  }

  #unary(operator: string, a: Value): Value {
    return this.#one(operator, [a], a.type, a.shape);
  }

  #one(
    operator: string,
    inputs: readonly Value[],
    type: ElementType,
    shape: readonly Dim[],
    attributes: Record<string, Attribute> = {},
  ): Value {
    return this.graph.node(operator, inputs, [{ type, shape }], attributes)[0] as Value;
  }
}

function describe(value: Value): string {
  return `${value.name}[${value.shape.join(', ')}]`;
}

function broadcast(operator: string, a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: readonly Dim[]) => [...Array<Dim>(rank - shape.length).fill(1), ...shape];
  const [left, right] = [padded(a), padded(b)];
  return left.map((size, axis) => {
    const other = right[axis] as Dim;
    if (size === other || other === 1) return size;
    if (size === 1) return other;
    throw new Error(`${operator}: shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
  });
}

function sumDims(dims: readonly Dim[]): Dim {
  if (dims.every((dim) => typeof dim === 'number')) return dims.reduce((sum, dim) => sum + dim, 0);
  throw new Error(`Concat: the joined axis must have known sizes, found [${dims.join(', ')}]`);
}
