import { basename, dirname } from 'node:path';
import type { TextShape, VisionShape } from '../core/clip.ts';
import type { Checkpoint } from '../graphs/clip-block.ts';

/** The part of an imported CLIP folder that the towers need; data/clip-folder.ts reads and checks one. */
export interface ClipModel {
  /** The safetensors file itself, links resolved: onnxruntime refuses weights outside the folder it is given. */
  modelFile: string;
  index: {
    tensors: ReadonlyMap<string, { dtype: string; shape: readonly number[]; offset: number; byteLength: number }>;
  };
  vision: VisionShape;
  text: TextShape;
  projectionDim: number;
}

/** How the graphs find a model's tensors, and the folder the session must be given. */
export function checkpointOf(model: ClipModel): { checkpoint: Checkpoint; externalFolder: string } {
  const location = basename(model.modelFile);
  return {
    externalFolder: dirname(model.modelFile),
    checkpoint(name) {
      const tensor = model.index.tensors.get(name);
      if (!tensor) throw new Error(`${model.modelFile}: no tensor '${name}' although the folder was checked`);
      const type = tensor.dtype === 'F16' ? 'float16' : 'float32';
      return { type, shape: tensor.shape, location, offset: tensor.offset, length: tensor.byteLength };
    },
  };
}
