import type { CreditEvent } from './credit-events.js';

/** Credit of the buyer of an order that is paid on account. */
export interface OrderCredit {
  readonly account: string;
  /** What is asked to be held for it, of this revision. */
  readonly holdMinor: number;
  readonly revision: number;
  /** Asked so often, answers that say nothing included: names each question. */
  readonly asked: number;
  /** The first answer has come, and said yes: stock may be promised. */
  readonly isGranted: boolean;
  /** `asked`: no answer yet. `held`: as asked. */
  readonly state: 'asked' | 'held' | 'refused' | 'unavailable';
  /** Since when this revision is asked. */
  readonly sinceMs: number;
  /** When it is asked again; absent where it is held. */
  readonly dueAtMs?: number;
  readonly reason?: string;
}

/** Of an order, what becomes of its credit, and why it waits. */
export function changedCredit(
  credit: OrderCredit | undefined,
  event: CreditEvent,
  atMs: number,
): { readonly credit?: OrderCredit; readonly reason?: string } {
  if (event.type === 'credit_asked') return { credit: asked(credit, event, atMs) };
  if (!credit) return {};
  const { reason: _, dueAtMs: __, ...rest } = credit;
  const { result, reason, dueAtMs } = event;
  return {
    credit: {
      ...rest,
      state: result,
      isGranted: credit.isGranted || result === 'held',
      ...(reason === undefined ? {} : { reason }),
      ...(dueAtMs === undefined ? {} : { dueAtMs }),
    },
    // What an order that is cancelled waited for is no reason of it.
    ...(result === 'held' || credit.holdMinor === 0 ? {} : { reason: `credit_${result}` }),
  };
}

function asked(
  credit: OrderCredit | undefined,
  { account, holdMinor, revision, dueAtMs }: Extract<CreditEvent, { type: 'credit_asked' }>,
  atMs: number,
): OrderCredit {
  const isSame = credit?.revision === revision;
  return {
    account,
    holdMinor,
    revision,
    asked: (credit?.asked ?? 0) + 1,
    isGranted: credit?.isGranted ?? false,
    // What was answered before is shown until something else is.
    state: isSame ? credit.state : 'asked',
    sinceMs: isSame ? credit.sinceMs : atMs,
    dueAtMs,
    ...(isSame && credit.reason !== undefined ? { reason: credit.reason } : {}),
  };
}

interface Charged {
  readonly credit?: OrderCredit;
  readonly lines: readonly {
    readonly quantity: number;
    readonly cancelledUnits: number;
    readonly unitPriceMinor: number;
  }[];
}

/** Nothing of it is promised before its buyer's credit is held. */
export const awaitsCredit = ({ credit, lines }: Charged): boolean =>
  credit !== undefined && !credit.isGranted && lines.some(({ quantity, cancelledUnits }) => quantity > cancelledUnits);

/** It has been told that it has to wait. */
export const waitsForCredit = (order: Charged): boolean => awaitsCredit(order) && order.credit?.state !== 'asked';

/** What the order costs as it is now. */
export const sumMinor = ({ lines }: Pick<Charged, 'lines'>): number =>
  lines.reduce(
    (sum, { quantity, cancelledUnits, unitPriceMinor }) => sum + (quantity - cancelledUnits) * unitPriceMinor,
    0,
  );
