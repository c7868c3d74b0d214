import { z } from 'zod';
import { LocationCode } from './identifiers.js';
import {
  Destination,
  FulfilmentMethod,
  hasOneOfEachLine,
  LineId,
  MAX_LINE_UNITS,
  MAX_LINES,
  messageFields,
  NEEDS_LINE_IDS,
} from './order.js';

export const changeFields = {
  lines: z
    .array(
      z.looseObject({
        lineId: LineId,
        quantity: z
          .int()
          .min(0)
          .max(MAX_LINE_UNITS)
          .describe('Units of the line from now on, with what has left the house; 0 = cancelled'),
      }),
    )
    .min(1)
    .max(MAX_LINES)
    .optional()
    .describe('Lines that are not named stay as they are'),
  method: FulfilmentMethod.optional(),
  destination: Destination.optional().describe('The whole of it, in place of the one before'),
  store: LocationCode.optional().describe('Where it is collected or carried out'),
  by: z.string().min(1).max(100).optional().describe('Who asked for it'),
  reason: z.string().min(1).max(200).optional(),
};

export const changesSomething = ({
  lines,
  method,
  destination,
  store,
}: {
  readonly lines?: unknown;
  readonly method?: unknown;
  readonly destination?: unknown;
  readonly store?: unknown;
}): boolean => [lines, method, destination, store].some((one) => one !== undefined);
export const hasOneOfEachChangedLine = ({ lines }: { lines?: readonly { lineId: string }[] | undefined }): boolean =>
  lines === undefined || hasOneOfEachLine({ lines });
export const CHANGES_NOTHING = { path: ['lines'], error: 'must be given, or one of method, destination and store' };

/** What is wanted from now on: the same again changes nothing. Done as a whole, or refused as a whole. */
export const ChangeOrder = z
  .looseObject({ type: z.literal('change'), ...messageFields, ...changeFields })
  .refine(changesSomething, CHANGES_NOTHING)
  .refine(hasOneOfEachChangedLine, NEEDS_LINE_IDS);
export type ChangeOrder = z.infer<typeof ChangeOrder>;
