import { isStrataError } from '../contract/errors.ts';
import { Thumbnails } from '../pipeline/thumbnails.ts';
import { onParentGone, onParentMessage, tellParent } from './parent.ts';
import type { ThumbnailReply, ThumbnailRequest } from './thumbnail-service.ts';

/** Entry of the process behind ThumbnailService. */
const thumbnails = new Thumbnails();

onParentMessage(async (received) => {
  const { id, place, size } = received as ThumbnailRequest;
  const reply = (answer: Omit<ThumbnailReply, 'id'>) => tellParent({ id, ...answer } satisfies ThumbnailReply);
  try {
    reply({ bytes: await thumbnails.draw(place, size) });
  } catch (error) {
    if (!isStrataError(error)) throw error;
    reply({ error: { code: error.code, message: error.message } });
  }
});

onParentGone(() => process.exit(0));
