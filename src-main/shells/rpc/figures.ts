import type { FigureFormat } from '../../contract/rpc/figures.ts';
import { addToBasket, basketItems, changeInBasket, moveInBasket, removeFromBasket } from '../../store/figure-basket.ts';
import { answer, openedProject } from './answer.ts';

const mediaTypes: Record<FigureFormat, string> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  pdf: 'application/pdf',
  csv: 'text/csv',
};

/** Drawing takes parts of a second, so the engine's process does it. */
export const figuresRouter = {
  list: answer.figures.list.handler(async ({ context, signal }) => {
    const project = await openedProject(context);
    return context.workbench.engine(project).ask('listFigures', undefined, signal);
  }),
  basket: answer.figures.basket.handler(async ({ context }) => basketItems(await openedProject(context))),
  add: answer.figures.add.handler(async ({ context, input }) => addToBasket(await openedProject(context), input)),
  change: answer.figures.change.handler(async ({ context, input: { id, ...changes } }) =>
    changeInBasket(await openedProject(context), id, changes),
  ),
  move: answer.figures.move.handler(async ({ context, input }) =>
    moveInBasket(await openedProject(context), input.id, input.to),
  ),
  remove: answer.figures.remove.handler(async ({ context, input }) =>
    removeFromBasket(await openedProject(context), input.id),
  ),
  render: answer.figures.render.handler(async ({ context, input, signal }) => {
    const project = await openedProject(context);
    const { content, ...file } = await context.workbench.engine(project).ask('renderFigure', input, signal);
    return { ...file, mediaType: mediaTypes[input.format], base64: Buffer.from(content).toString('base64') };
  }),
  write: answer.figures.write.handler(async ({ context, signal }) => {
    const project = await openedProject(context);
    return context.workbench.engine(project).ask('writeBasket', undefined, signal);
  }),
};
