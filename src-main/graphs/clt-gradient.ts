import { type CltShape, cltParameters, elementCount } from '../core/clt-shape.ts';
import { sparsifierById } from '../core/sparsifiers/index.ts';
import type { SparseCode } from '../core/sparsifiers/sparsifier.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { decode, targetsFrom } from './clt-decoder.ts';
import { Ops } from './ops.ts';

export interface GradientGraphOptions {
  /** Tokens of a training batch, B. */
  tokens: number;
  /** Present once features are dead: AuxK for top-k kinds, the pre-activation push for the others. */
  revival?: { auxK: number; auxWeight: number; preactivationWeight: number };
}

/** A parameter's two-dimensional shape inside the training graphs: W_dec_i is [m, (L-i)*d], vectors are [1, n]. */
export function matrixShape(shape: readonly number[]): [number, number] {
  return shape.length === 1 ? [1, shape[0]] : [shape[0], elementCount(shape) / shape[0]];
}

/**
 * Loss and hand-derived gradients of one training step in standardised space (method, section 2).
 *
 * Inputs: x, y [B, L*d]; lambda [1] (with a sparsity penalty only); dead [L, m] (with revival only); every parameter under its name
 * in `matrixShape`. Outputs: loss [1] (everything that is differentiated), reconstructionLoss [1] (L_rec alone),
 * gradNorm [1] (global 2-norm before clipping), fired [L, m] (tokens on which a feature is not 0), and `grad/<name>`.
 */
export function cltGradientGraph(shape: CltShape, options: GradientGraphOptions): Uint8Array {
  const { layers, width, features } = shape;
  const { tokens, revival } = options;
  const sparsifier = sparsifierById(shape.sparsifier.kind);
  const { parameters } = shape.sparsifier;
  const graph = new GraphBuilder('clt-gradient');
  const ops = new Ops(graph);
  const x = graph.input('x', 'float32', [tokens, layers * width]);
  const y = graph.input('y', 'float32', [tokens, layers * width]);
  const lambda = sparsifier.regulariser ? graph.input('lambda', 'float32', [1]) : undefined;
  const deadRows = revival ? perLayer(ops, graph.input('dead', 'float32', [layers, features]), layers, 0) : undefined;
  const weights = new Map(
    cltParameters(shape).map(({ name, shape: dims }) => [name, graph.input(name, 'float32', matrixShape(dims))]),
  );
  const weight = (name: string) => weights.get(name) as Value;
  const each = <R>(build: (layer: number) => R): R[] => Array.from({ length: layers }, (_, layer) => build(layer));

  const xs = perLayer(ops, x, layers, 1);
  const decoders = each((layer) => weight(`W_dec_${layer}`));
  const thetas = each((layer) => {
    const logTheta = weights.get(`log_theta_${layer}`);
    return logTheta && ops.exp(logTheta);
  });
  const h = each((layer) => ops.gemm(xs[layer], weight(`W_enc_${layer}`), weight(`b_enc_${layer}`), { b: true }));
  const codes = each((layer) => sparsifier.forward(ops, h[layer], parameters, thetas[layer]));
  const biases = each((layer) => weight(`b_dec_${layer}`));
  const yhat = decode(
    ops,
    codes.map((code) => code.z),
    decoders,
    layers === 1 ? biases[0] : ops.concat(biases, 1),
  );

  const residual = ops.sub(yhat, y);
  const perValue = 1 / (tokens * layers * width);
  const reconstructionLoss = ops.mul(squaredSum(ops, residual), ops.scalar(perValue));
  let loss = reconstructionLoss;
  const dYhat = ops.mul(residual, ops.scalar(2 * perValue));

  // AuxK: the dead features of largest h rebuild the residual, which is held constant.
  let aux: { codes: SparseCode<Value>[]; dYhat: Value } | undefined;
  if (revival && deadRows && sparsifier.revival === 'aux-k') {
    const auxParameters = { ...parameters, k: revival.auxK };
    const auxCodes = each((layer) => sparsifier.forward(ops, ops.mul(h[layer], deadRows[layer]), auxParameters));
    const rebuilt = decode(
      ops,
      auxCodes.map((code) => code.z),
      decoders,
    );
    const auxResidual = ops.add(rebuilt, residual);
    const scale = revival.auxWeight * perValue;
    loss = ops.add(loss, ops.mul(squaredSum(ops, auxResidual), ops.scalar(scale)));
    aux = { codes: auxCodes, dYhat: ops.mul(auxResidual, ops.scalar(2 * scale)) };
  }

  const gradients = new Map<string, Value>();
  each((layer) => {
    const decoder = decoders[layer];
    const backThroughDecoder = (code: SparseCode<Value>, dTargets: Value) => {
      const d = targetsFrom(ops, dTargets, layer, layers);
      return {
        dz: ops.gemm(d, decoder, undefined, { b: true }),
        dDecoder: ops.gemm(code.z, d, undefined, { a: true }),
      };
    };
    let { dz, dDecoder } = backThroughDecoder(codes[layer], dYhat);
    let direct: { dh?: Value; dTheta?: Value } = {};
    const theta = thetas[layer];
    if (sparsifier.regulariser && lambda) {
      const decoderNorm = ops.max(rowNorms(ops, decoder), ops.scalar(1e-20));
      const input = {
        h: h[layer],
        z: codes[layer].z,
        theta,
        decoderNorm,
        lambda,
        dead: deadRows?.[layer],
        preactivationWeight: revival?.preactivationWeight ?? 0,
        tokens,
      };
      const regulariser = sparsifier.regulariser(ops, input, parameters);
      loss = ops.add(loss, regulariser.loss);
      dz = ops.add(dz, regulariser.dz);
      const perRow = ops.reshape(ops.div(regulariser.dDecoderNorm, decoderNorm), [features, 1]);
      dDecoder = ops.add(dDecoder, ops.mul(perRow, decoder));
      direct = regulariser;
    }
    let { dh, dTheta } = codes[layer].backward(dz);
    if (direct.dh) dh = ops.add(dh, direct.dh);
    if (dTheta && direct.dTheta) dTheta = ops.add(dTheta, direct.dTheta);
    if (aux && deadRows) {
      const auxCode = aux.codes[layer];
      const back = backThroughDecoder(auxCode, aux.dYhat);
      dDecoder = ops.add(dDecoder, back.dDecoder);
      dh = ops.add(dh, ops.mul(auxCode.backward(back.dz).dh, deadRows[layer]));
    }
    gradients.set(`W_enc_${layer}`, ops.gemm(dh, xs[layer], undefined, { a: true }));
    gradients.set(`b_enc_${layer}`, ops.sumRows(dh));
    gradients.set(`W_dec_${layer}`, dDecoder);
    if (theta && dTheta) gradients.set(`log_theta_${layer}`, ops.mul(theta, dTheta));
  });
  const dBiases = perLayer(ops, ops.sumRows(dYhat), layers, 1);
  each((layer) => gradients.set(`b_dec_${layer}`, dBiases[layer]));

  const total = [...gradients.values()].map((gradient) => squaredSum(ops, gradient)).reduce((a, b) => ops.add(a, b));
  const fired = each((layer) => ops.sumRows(codes[layer].active));
  graph.output('loss', loss);
  graph.output('reconstructionLoss', reconstructionLoss);
  graph.output('gradNorm', ops.sqrt(total));
  graph.output('fired', layers === 1 ? fired[0] : ops.concat(fired, 0));
  for (const name of weights.keys()) graph.output(`grad/${name}`, gradients.get(name) as Value);
  return graph.build();
}

/** Equal parts, one per layer, along `axis`. */
function perLayer(ops: Ops, values: Value, layers: number, axis: 0 | 1): Value[] {
  if (layers === 1) return [values];
  const size = (values.shape[axis] as number) / layers;
  return ops.split(values, Array<number>(layers).fill(size), axis);
}

/** Sum of squares of all entries, [1]. Row by row first: a short sum loses less to rounding than one long one. */
function squaredSum(ops: Ops, values: Value): Value {
  const rows = ops.reduce('ReduceSumSquare', values, [1], true);
  return ops.reshape(ops.reduce('ReduceSum', rows, [0], true), [1]);
}

/** ||row||_2 of [m, n] as [1, m]. */
function rowNorms(ops: Ops, matrix: Value): Value {
  const squares = ops.reduce('ReduceSumSquare', matrix, [1], true);
  return ops.reshape(ops.sqrt(squares), [1, matrix.shape[0]]);
}
