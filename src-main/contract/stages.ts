/** The pipeline's stages as a window shows them, in order; importing the stages themselves would bring the engine. */
export const stageTitles: readonly { id: string; title: string }[] = [
  { id: 'capture', title: 'Capture activations' },
  { id: 'train', title: 'Train the transcoder' },
  { id: 'evaluate', title: 'Measure reconstruction, contribution scores and zero-shot accuracy' },
  { id: 'cascade', title: 'Cascaded replacement' },
  { id: 'necessity', title: 'Necessity and sufficiency of the sources' },
  { id: 'audit', title: 'Audit by ablation of the frozen MLPs' },
  { id: 'index', title: 'Index images by their codes, and features by their images' },
  { id: 'figures', title: 'Draw the figures' },
];
