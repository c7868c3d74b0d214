import type { Disposition, ExchangeWish, ReturnCondition, ReturnEvent, ReturnState } from '@shelfline/contracts/return';

export interface ReturnedLine {
  readonly lineId: string;
  readonly sku: string;
  /** Absent of goods sold elsewhere. */
  readonly unitPriceMinor?: number;
  readonly requestedUnits: number;
  readonly receivedUnits: number;
  readonly acceptedUnits: number;
  readonly declinedUnits: number;
  readonly disposedUnits: number;
  /** Given back to the customer: he may bring them again. */
  readonly handedBackUnits: number;
  /** Of the accepted ones, those a fee was kept back for. */
  readonly feeUnits: number;
  /** Inspected and not yet disposed: may be sold again, may not, not taken back. */
  readonly waiting: { readonly restockable: number; readonly unsaleable: number; readonly declined: number };
}

export interface ReturnHistory {
  readonly type: ReturnEvent['type'];
  readonly atMs: number;
  readonly by: string;
  readonly store?: string;
  readonly reason?: string;
}

export interface OrderReturn {
  readonly returnId: string;
  readonly state: ReturnState;
  /** Where it was received: what lies there is inspected and disposed there alone. */
  readonly store?: string;
  readonly lines: readonly ReturnedLine[];
  readonly exchange?: ExchangeWish;
  readonly exchangeOrderId?: string;
  readonly refundMinor: number;
  readonly history: readonly ReturnHistory[];
  readonly version: number;
}

/** Of one line, what one step did to it. */
export interface StepLine {
  readonly lineId: string;
  readonly sku: string;
  readonly units: number;
  readonly unitPriceMinor?: number;
  readonly condition?: ReturnCondition;
  readonly isAccepted?: boolean;
  readonly photos?: readonly string[];
  readonly disposition?: Disposition;
  readonly location?: string;
  /** Units of the line disposed before: with it no two steps have the same name. */
  readonly disposedBefore?: number;
  readonly goodsMinor?: number;
  readonly feeMinor?: number;
}

/** A step of a return: the return as it is after it, and what others are told of it. */
export interface ReturnChanged {
  readonly type: 'return_changed';
  readonly step: ReturnHistory;
  readonly next: OrderReturn;
  readonly lines: readonly StepLine[];
  /** Something is to be paid back: the sum of its lines, less the exchange placed by this step. */
  readonly refund?: { readonly goodsMinor: number; readonly feeMinor: number; readonly exchangeMinor: number };
  readonly isExchangePlaced?: boolean;
}

const total = (lines: readonly ReturnedLine[], field: 'requestedUnits' | 'receivedUnits' | 'disposedUnits'): number =>
  lines.reduce((sum, line) => sum + line[field], 0);

/** What a return is, worked out from its lines. */
export function stateOfReturn(lines: readonly ReturnedLine[], before: ReturnState): ReturnState {
  if (before === 'HELD') return 'HELD';
  const [requested, received, disposed] = [
    total(lines, 'requestedUnits'),
    total(lines, 'receivedUnits'),
    total(lines, 'disposedUnits'),
  ];
  if (requested === 0) return 'CANCELLED';
  if (disposed === requested) return 'CLOSED';
  return received > 0 ? 'RECEIVED' : 'REQUESTED';
}

/** What may be done with it now, in words of the REST paths. */
export function allowedReturnActions({ state, lines }: Pick<OrderReturn, 'state' | 'lines'>): string[] {
  if (state === 'HELD') return ['approve', 'cancel'];
  const some = (is: (line: ReturnedLine) => boolean) => lines.some(is);
  return [
    ...(some((line) => line.receivedUnits < line.requestedUnits) ? ['receive', 'cancel'] : []),
    ...(some((line) => uninspectedUnits(line) > 0) ? ['inspect'] : []),
    ...(some(({ waiting }) => waiting.restockable + waiting.unsaleable + waiting.declined > 0) ? ['dispose'] : []),
  ];
}

export const uninspectedUnits = ({ receivedUnits, acceptedUnits, declinedUnits }: ReturnedLine): number =>
  receivedUnits - acceptedUnits - declinedUnits;

export const withReturn = (returns: readonly OrderReturn[], changed: OrderReturn): OrderReturn[] =>
  returns.some(({ returnId }) => returnId === changed.returnId)
    ? returns.map((one) => (one.returnId === changed.returnId ? changed : one))
    : [...returns, changed];

/** Units of a line that are on their way back or have come back to stay. */
export const unitsComingBack = (returns: readonly OrderReturn[], lineId: string): number =>
  returns
    .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId))
    .reduce((sum, { requestedUnits, handedBackUnits }) => sum + requestedUnits - handedBackUnits, 0);
