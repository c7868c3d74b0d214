import { NEEDS_LINE_IDS } from '@shelfline/contracts/order';
import {
  CHANGES_NOTHING,
  changeFields,
  changesSomething,
  hasOneOfEachChangedLine,
} from '@shelfline/contracts/order-change';
import { z } from 'zod';
import { RequestId } from '../order-bodies.js';

export const ChangeBody = z
  .strictObject({ id: RequestId.optional(), ...changeFields })
  .refine(changesSomething, CHANGES_NOTHING)
  .refine(hasOneOfEachChangedLine, NEEDS_LINE_IDS);
