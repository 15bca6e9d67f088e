import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** A StrataError crosses the boundary as EXPECTED, with its message; anything else stays a bug without details. */
export const procedure = oc.errors({ EXPECTED: { status: 422, data: z.object({ code: z.enum(errorCodes) }) } });
