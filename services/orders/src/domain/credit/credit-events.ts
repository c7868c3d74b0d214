import type { CreditResult } from '@shelfline/contracts/credit';

export type CreditEvent =
  /** So much is to be held for the order from now on; asked again under the revision it had until it is answered. */
  | {
      readonly type: 'credit_asked';
      readonly account: string;
      readonly holdMinor: number;
      readonly revision: number;
      /** Asked again then. */
      readonly dueAtMs: number;
    }
  | {
      readonly type: 'credit_answered';
      readonly revision: number;
      readonly result: CreditResult;
      readonly reason?: string;
      /** Asked again then; absent where it is held. */
      readonly dueAtMs?: number;
    };
