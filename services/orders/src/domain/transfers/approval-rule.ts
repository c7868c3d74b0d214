import type { ApprovalRule } from '@shelfline/contracts/transfer';
import type { Requested } from './transfer-events.js';

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
