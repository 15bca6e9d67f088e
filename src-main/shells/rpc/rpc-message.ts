import { z } from 'zod';

/** Requests are small: paths, numbers and names. Results travel the other way. */
const maxMessageCharacters = 1 << 20;

const requestMessage = z.strictObject({
  i: z.union([z.string().max(64), z.int()]),
  p: z.strictObject({
    u: z.string().regex(/^(\/[A-Za-z][A-Za-z0-9]*)+$/),
    b: z.unknown().optional(),
    h: z.record(z.string(), z.string()).optional(),
  }),
});

const eventMessage = z.strictObject({
  i: requestMessage.shape.i,
  /** 3: an event of a stream; 4: the caller gave up. */
  t: z.union([z.literal(3), z.literal(4)]),
  p: z.unknown().optional(),
});

const rpcMessage = z.union([requestMessage, eventMessage]);

/**
 * A message of oRPC's client as it comes out of a window, decoded. Undefined for anything else: a page that has been
 * taken over may send what it likes.
 */
export function parseRpcMessage(raw: unknown): z.infer<typeof rpcMessage> | undefined {
  if (typeof raw !== 'string' || raw.length > maxMessageCharacters) return undefined;
  try {
    return rpcMessage.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}
