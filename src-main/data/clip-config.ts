import { z } from 'zod';

const count = z.int().positive();
const activation = z.enum(['quick_gelu', 'gelu']);

/** What config.json leaves out has transformers' default, which is CLIP ViT-B/32's. */
const visionSchema = z
  .object({
    hidden_size: count.default(768),
    intermediate_size: count.default(3072),
    num_hidden_layers: count.default(12),
    num_attention_heads: count.default(12),
    num_channels: z.literal(3).default(3),
    image_size: count.default(224),
    patch_size: count.default(32),
    hidden_act: activation.default('quick_gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
  })
  .refine(wholeHeads, { path: ['num_attention_heads'], error: 'does not divide hidden_size' })
  .refine((config) => config.patch_size <= config.image_size, {
    path: ['patch_size'],
    error: 'is larger than image_size',
  });

const textSchema = z
  .object({
    hidden_size: count.default(512),
    intermediate_size: count.default(2048),
    num_hidden_layers: count.default(12),
    num_attention_heads: count.default(8),
    vocab_size: count.default(49408),
    max_position_embeddings: count.default(77),
    hidden_act: activation.default('quick_gelu'),
    layer_norm_eps: z.number().positive().default(1e-5),
    eos_token_id: z.int().nonnegative().default(49407),
  })
  .refine(wholeHeads, { path: ['num_attention_heads'], error: 'does not divide hidden_size' });

function wholeHeads(config: { hidden_size: number; num_attention_heads: number }): boolean {
  return config.hidden_size % config.num_attention_heads === 0;
}

/** config.json of a CLIPModel. The `_dict` keys are an older spelling that transformers prefers where both are given. */
export const clipConfigSchema = z.preprocess(
  (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const config: Record<string, unknown> = { ...value };
    return {
      ...config,
      text_config: config.text_config_dict ?? config.text_config ?? {},
      vision_config: config.vision_config_dict ?? config.vision_config ?? {},
    };
  },
  z.object({
    model_type: z.literal('clip').default('clip'),
    projection_dim: count.default(512),
    text_config: textSchema,
    vision_config: visionSchema,
  }),
);

export type ClipConfig = z.infer<typeof clipConfigSchema>;
