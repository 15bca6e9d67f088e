export type MlpActivation = 'quick_gelu' | 'gelu';

/** One of CLIP's two transformers. */
export interface TowerShape {
  layers: number;
  width: number;
  heads: number;
  mlpWidth: number;
  activation: MlpActivation;
  layerNormEps: number;
}

/** The vision tower; `tokens` is T = 1 + P (method, section 1). */
export interface VisionShape extends TowerShape {
  patchSize: number;
  imageSize: number;
  tokens: number;
}

export interface TextShape extends TowerShape {
  vocabSize: number;
  /** Longest text in tokens, start and end token included. */
  maxTokens: number;
}
