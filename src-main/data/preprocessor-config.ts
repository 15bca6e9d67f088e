import { z } from 'zod';
import type { Preprocess } from '../core/preprocess.ts';
import type { Resample } from '../core/resize.ts';

const pixels = z.int().positive();
const square = pixels.transform((side) => ({ height: side, width: side }));
const heightAndWidth = z.strictObject({ height: pixels, width: pixels });
const shortestEdge = pixels.transform((edge) => ({ shortestEdge: edge }));
const shortestEdgeObject = z
  .strictObject({ shortest_edge: pixels })
  .transform(({ shortest_edge: edge }) => ({ shortestEdge: edge }));
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** Pillow's numbers for its filters. */
const resampleNames: Record<number, Resample> = { 0: 'nearest', 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

/** preprocessor_config.json of a CLIP image processor; what it leaves out has transformers' defaults. */
export const preprocessorSchema = z
  .object({
    do_resize: z.boolean().default(true),
    size: z
      .union([shortestEdge, shortestEdgeObject, heightAndWidth], {
        error: 'expected a number, {shortest_edge} or {height, width}',
      })
      .default({ shortestEdge: 224 }),
    resample: z
      .int()
      .refine((number) => number in resampleNames, {
        error: 'expected 0 (nearest), 1 (Lanczos), 2 (bilinear) or 3 (bicubic)',
      })
      .default(3),
    do_center_crop: z.boolean().default(true),
    crop_size: z
      .union([square, heightAndWidth], { error: 'expected a number or {height, width}' })
      .default({ height: 224, width: 224 }),
    do_rescale: z.boolean().default(true),
    rescale_factor: z
      .number()
      .positive()
      .default(1 / 255),
    do_normalize: z.boolean().default(true),
    image_mean: perChannel.default([0.48145466, 0.4578275, 0.40821073]),
    image_std: perChannel.default([0.26862954, 0.26130258, 0.27577711]),
  })
  .transform(
    (config): Preprocess => ({
      resize: config.do_resize ? config.size : null,
      resample: resampleNames[config.resample],
      crop: config.do_center_crop ? config.crop_size : null,
      rescaleFactor: config.do_rescale ? config.rescale_factor : 1,
      mean: config.do_normalize ? config.image_mean : [0, 0, 0],
      std: config.do_normalize ? config.image_std : [1, 1, 1],
    }),
  );

/** processor_config.json, which transformers 5 writes in its place: the same, one level down. */
export const processorSchema = z
  .object({ image_processor: preprocessorSchema })
  .transform((config) => config.image_processor);
