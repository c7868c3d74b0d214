import { LocationCode } from '@shelfline/contracts/identifiers';
import { TransferPurpose } from '@shelfline/contracts/transfer';
import { z } from 'zod';
import type { Requested } from './transfer-events.js';

/** A transfer that one of these describes needs nobody's approval. What a rule leaves out, it does not ask for. */
export const ApprovalRule = z.strictObject({
  purposes: z.array(TransferPurpose).min(1).optional(),
  from: z.array(LocationCode).min(1).optional(),
  to: z.array(LocationCode).min(1).optional(),
  mostUnits: z.int().min(1).describe('Of all lines together'),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

export const approvesItself = (requested: Requested, rules: readonly ApprovalRule[]): boolean => {
  const units = requested.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return rules.some(
    ({ purposes, from, to, mostUnits }) =>
      units <= mostUnits &&
      (purposes?.includes(requested.purpose) ?? true) &&
      (from?.includes(requested.from) ?? true) &&
      (to?.includes(requested.to) ?? true),
  );
};
