import { z } from 'zod';
import { procedure } from './procedure.ts';

export const figureFormats = ['svg', 'pdf', 'png', 'csv'] as const;
export type FigureFormat = (typeof figureFormats)[number];

const name = z.string().min(1).max(200);
const width = z.enum(['single', 'double']);
const caption = z.string().max(4000);
const format = z.enum(figureFormats);

/** What is drawn, and from which runs. */
const figureChoice = z.object({ figure: name, runs: z.array(name).min(1).max(24) });

const basketItem = figureChoice.extend({
  id: z.string(),
  /** Of a printed page: 3.25 in or 6.75 in. */
  width,
  formats: z.array(format),
  /** Null: the figure's own. */
  caption: caption.nullable(),
});
export type BasketItem = z.infer<typeof basketItem>;

const rendered = z.object({
  title: z.string(),
  /** The figure's own, or the one that was given. */
  caption: z.string(),
  /** As `strata export` names the file. */
  fileName: z.string(),
  mediaType: z.string(),
  base64: z.string(),
});

const item = z.object({ id: z.string() });

export const figuresContract = {
  /** Every figure there is. */
  list: procedure.output(z.array(z.object({ id: z.string(), title: z.string() }))),
  /** The figures put aside in this project, in order. */
  basket: procedure.output(z.array(basketItem)),
  /** Puts a figure at the end, unless the same one of the same runs is there already. */
  add: procedure.input(figureChoice).output(basketItem),
  change: procedure
    .input(item.extend({ width: width.optional(), formats: z.array(format).optional(), caption: caption.nullish() }))
    .output(z.void()),
  /** Moves an item to a place counted from 0. */
  move: procedure.input(item.extend({ to: z.int().min(0) })).output(z.void()),
  remove: procedure.input(item).output(z.void()),
  /** One file of a figure, by the code that writes figures on the command line. NOT_FOUND when the runs lack its numbers. */
  render: procedure.input(figureChoice.extend({ width, format, caption: caption.nullish() })).output(rendered),
  /** Writes the whole basket to figures/basket/ of the project, which is replaced. Returns absolute paths. */
  write: procedure.output(z.object({ dir: z.string(), files: z.array(z.string()) })),
};
