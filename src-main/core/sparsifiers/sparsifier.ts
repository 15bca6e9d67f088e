import type { z } from 'zod';
import type { TensorOps } from '../tensor-ops.ts';

/** A sparsifier's own numbers, as validated by its `parameters` schema. */
export type SparsifierParameters = Readonly<Record<string, number>>;

/** z [tokens, m] and the way back: from dLoss/dz to dLoss/dh and, with a threshold, dLoss/dtheta [1, m]. */
export interface SparseCode<T> {
  z: T;
  /** 1 where z is not 0: the feature fires. */
  active: T;
  backward(dz: T): { dh: T; dTheta?: T };
}

/** What a regulariser sees of one source layer; h, z [tokens, m]; theta, decoderNorm, dead [1, m]. */
export interface RegulariserInput<T> {
  h: T;
  z: T;
  /** Absent without thresholds. */
  theta?: T;
  /** ||W_dec^{i,f}||_2 over all targets of a feature. */
  decoderNorm: T;
  /** Scalar: lambda(t) of method section 2. */
  lambda: T;
  /** 1 for a dead feature; absent while no feature is dead. */
  dead?: T;
  preactivationWeight: number;
  tokens: number;
}

/** The regulariser's value and its direct derivatives with respect to what it saw. */
export interface Regulariser<T> {
  loss: T;
  dz: T;
  dDecoderNorm: T;
  dh?: T;
  dTheta?: T;
}

/**
 * How preactivations become sparse codes. To add one: write a file like its neighbours and list it in index.ts; the
 * recipe's schema, the training graphs, the exchange format and the help texts follow from it.
 */
export interface Sparsifier {
  id: string;
  title: string;
  summary: string;
  parameters: z.ZodObject;
  /** How dead features are brought back: AuxK for top-k kinds, the pre-activation push for the others. */
  revival: 'aux-k' | 'preactivation-push';
  /** With a threshold, theta's value at initialisation; a trained `log_theta` [m] per layer follows from it. */
  initialThreshold?(parameters: SparsifierParameters): number;
  /** Reference implementation for one token: h [m] -> z [m]; theta [m] where there is a threshold. */
  apply(h: Float32Array, parameters: SparsifierParameters, theta?: Float32Array): Float32Array;
  /** The same for a batch, stated in tensor algebra together with its gradient. */
  forward<T>(ops: TensorOps<T>, h: T, parameters: SparsifierParameters, theta?: T): SparseCode<T>;
  /** A sparsity penalty added to the reconstruction loss. */
  regulariser?<T>(ops: TensorOps<T>, input: RegulariserInput<T>, parameters: SparsifierParameters): Regulariser<T>;
}
