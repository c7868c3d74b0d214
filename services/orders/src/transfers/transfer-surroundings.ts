import type { ApprovalRule } from '@shelfline/contracts/transfer';
import type { Applied } from '../domain/order.js';
import type { TransferContext } from '../domain/transfers/decide-transfer.js';
import type { TransferTimes } from '../domain/transfers/transfer.js';
import type { PromisableStock } from '../promisable-stock.js';

/** What decisions about transfers know of the world. */
export class TransferSurroundings {
  constructor(
    private readonly stock: Pick<PromisableStock, 'findPlace' | 'sells'>,
    private readonly times: TransferTimes,
    private readonly approvalRules: readonly ApprovalRule[],
  ) {}

  at(applied: Applied): TransferContext {
    const { stock, times, approvalRules } = this;
    return {
      ...applied,
      times,
      approvalRules,
      isPlace: (code) => stock.findPlace(code)?.location.active === true,
      sells: (sku) => stock.sells(sku),
    };
  }
}
