/** The choices of the last step, the rest of the recipe being the defaults. */
export interface Plan {
  model: string;
  dataset: string;
  expansion: number;
  k: number;
  steps: number;
  batchTokens: number;
  patchesPerImage: number;
  /** Null: all of them. */
  maxImages: number | null;
}

export const presets = {
  quick: { expansion: 4, k: 32, steps: 60, batchTokens: 1024, patchesPerImage: 16, maxImages: 1500 },
  usual: { expansion: 4, k: 32, steps: 600, batchTokens: 1024, patchesPerImage: 16, maxImages: null },
} as const satisfies Record<string, Omit<Plan, 'model' | 'dataset'>>;

export type Preset = keyof typeof presets;

/** The recipe of a plan; a quick one is measured on few images too. */
export function recipeOf(plan: Plan) {
  const { model, dataset, expansion, k, steps, batchTokens, patchesPerImage, maxImages } = plan;
  const few = maxImages !== null;
  return {
    name: `${dataset}-${few ? 'quick' : 'first'}`,
    model,
    dataset,
    capture: { patchesPerImage, ...(few ? { maxImages } : {}) },
    train: {
      sparsifier: { kind: 'relu-topk' as const, k },
      expansion,
      steps,
      batchTokens,
      warmupSteps: Math.min(50, Math.ceil(steps / 6)),
    },
    evaluate: { ...(few ? { maxImages: 400, replacementImages: 64 } : { replacementImages: 128 }) },
    index: { ...(few ? { maxImages: 600, queries: 200 } : {}) },
  };
}
