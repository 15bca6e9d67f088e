/** The paper's own figures (method, section 10), read from its plots and tables: context for a run, never a target. */

type Fidelity = readonly [mse: number, r2: number, cosine: number];

/** Means over layers. */
export const publishedReconstruction: readonly {
  model: string;
  dataset: string;
  byKind: Readonly<Record<'jumprelu' | 'relu-topk' | 'abs-topk', Fidelity>>;
}[] = [
  {
    model: 'CLIP ViT-B/32',
    dataset: 'CIFAR-100',
    byKind: { jumprelu: [0.0032, 0.889, 0.941], 'relu-topk': [0.0024, 0.91, 0.953], 'abs-topk': [0.003, 0.889, 0.942] },
  },
  {
    model: 'CLIP ViT-B/32',
    dataset: 'COCO',
    byKind: {
      jumprelu: [0.0026, 0.897, 0.946],
      'relu-topk': [0.0018, 0.912, 0.954],
      'abs-topk': [0.0028, 0.894, 0.944],
    },
  },
  {
    model: 'CLIP ViT-B/32',
    dataset: 'ImageNet-100',
    byKind: { jumprelu: [0.0026, 0.898, 0.946], 'relu-topk': [0.0022, 0.9, 0.947], 'abs-topk': [0.0036, 0.85, 0.921] },
  },
  {
    model: 'CLIP ViT-B/16',
    dataset: 'CIFAR-100',
    byKind: {
      jumprelu: [0.0018, 0.937, 0.957],
      'relu-topk': [0.0017, 0.937, 0.957],
      'abs-topk': [0.0022, 0.92, 0.946],
    },
  },
  {
    model: 'CLIP ViT-B/16',
    dataset: 'COCO',
    byKind: {
      jumprelu: [0.0011, 0.954, 0.972],
      'relu-topk': [0.0012, 0.938, 0.961],
      'abs-topk': [0.0026, 0.895, 0.934],
    },
  },
  {
    model: 'CLIP ViT-B/16',
    dataset: 'ImageNet-100',
    byKind: {
      jumprelu: [0.0011, 0.95, 0.969],
      'relu-topk': [0.0012, 0.945, 0.966],
      'abs-topk': [0.0024, 0.908, 0.942],
    },
  },
];

/** Top-1 in percent, relu-topk, CLIP ViT-B/32, windows from s to L11; `drop` and `keep` as [all, cls]. */
export const publishedAccuracy = {
  windows: [0, 3, 7, 10],
  datasets: [
    {
      name: 'CIFAR-100',
      frozen: 61.65,
      cls: [61.75, 61.7, 61.85, 61.4],
      all: [51.15, 54.8, 62.05, 61.25],
      drop: [59.68, 59.91],
      keep: [59.96, 60.72],
    },
    {
      name: 'COCO',
      frozen: 43.12,
      cls: [43.35, 43.2, 43.25, 43.1],
      all: [39.1, 41.35, 43.1, 43.1],
      drop: [42.98, 42.78],
      keep: [43.02, 43.0],
    },
    {
      name: 'ImageNet-100',
      frozen: 80.42,
      cls: [80.85, 80.8, 80.7, 80.7],
      all: [68.9, 75.35, 80.45, 80.6],
      drop: [74.94, 74.86],
      keep: [80.56, 80.48],
    },
  ],
} as const;
