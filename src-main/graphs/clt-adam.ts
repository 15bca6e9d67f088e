import { GraphBuilder } from './builder.ts';
import { Ops } from './ops.ts';

export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * One Adam step with global-norm clipping for one parameter tensor of any size (method, section 2).
 *
 * Inputs: parameter, m, v, gradient [rows, columns]; gradNorm [1], the global norm; learningRate, clipNorm (a large
 * number for none), correction1 = 1 - beta1^t, correction2 = 1 - beta2^t [1]. Outputs: parameter_next, m_next, v_next.
 * The clip factor is PyTorch's min(1, clip / (norm + 1e-6)). One tensor a run keeps the copies that onnxruntime makes
 * of its outputs as small as the largest tensor.
 */
export function cltAdamGraph(): Uint8Array {
  const graph = new GraphBuilder('clt-adam');
  const ops = new Ops(graph);
  const shape = ['rows', 'columns'];
  const parameter = graph.input('parameter', 'float32', shape);
  const m = graph.input('m', 'float32', shape);
  const v = graph.input('v', 'float32', shape);
  const gradient = graph.input('gradient', 'float32', shape);
  const gradNorm = graph.input('gradNorm', 'float32', [1]);
  const setting = (name: string) => graph.input(name, 'float32', [1]);
  const learningRate = setting('learningRate');
  const clipNorm = setting('clipNorm');
  const correction1 = setting('correction1');
  const correction2 = setting('correction2');

  const factor = ops.min(ops.scalar(1), ops.div(clipNorm, ops.add(gradNorm, ops.scalar(1e-6))));
  // Every product with a scalar that can be taken on the scalars is: the tensors are what costs.
  const gradientScale = ops.mul(factor, ops.scalar(1 - adam.beta1));
  const squareScale = ops.mul(ops.mul(factor, factor), ops.scalar(1 - adam.beta2));
  const nextM = ops.add(ops.mul(m, ops.scalar(adam.beta1)), ops.mul(gradient, gradientScale));
  const nextV = ops.add(ops.mul(v, ops.scalar(adam.beta2)), ops.mul(ops.mul(gradient, gradient), squareScale));
  const root = ops.sqrt(correction2);
  const denominator = ops.add(ops.sqrt(nextV), ops.mul(root, ops.scalar(adam.epsilon)));
  const rate = ops.mul(learningRate, ops.div(root, correction1));
  graph.output('parameter_next', ops.sub(parameter, ops.mul(ops.div(nextM, denominator), rate)));
  graph.output('m_next', nextM);
  graph.output('v_next', nextV);
  return graph.build();
}
