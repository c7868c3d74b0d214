import type {
  ApproveReturn,
  CancelReturn,
  DisposedLine,
  DisposeReturn,
  ReceiveReturn,
  ReturnMessage,
} from '@shelfline/contracts/return';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from '../decision.js';
import type { Order } from '../order.js';
import {
  allowedReturnActions,
  type OrderReturn,
  type ReturnChanged,
  type ReturnedLine,
  type StepLine,
  stateOfReturn,
} from './order-return.js';
import { noOrder } from './request-return.js';

type Action = 'receive' | 'inspect' | 'dispose' | 'approve' | 'cancel';
export type Found = { readonly order: Order; readonly found: OrderReturn };

/** The return a message is about, or why nothing can be done with it. */
export function findReturn(
  { orderId, returnId }: Pick<ReturnMessage, 'orderId' | 'returnId'>,
  order: Order | undefined,
  action: Action,
): Found | Decided {
  if (!order) return refused(noOrder(orderId));
  const found = order.returns?.find((one) => one.returnId === returnId);
  if (!found)
    return refused({
      code: 'unknown_return',
      field: 'returnId',
      detail: `order ${orderId} has no return ${returnId}; ask for one first`,
    });
  const allowed = allowedReturnActions(found);
  if (allowed.includes(action)) return { order, found };
  const instead = allowed.length > 0 ? `what can be done: ${allowed.join(', ')}` : 'nothing more is done with it';
  return refused({
    code: 'out_of_state',
    field: 'returnId',
    detail: `return ${returnId} is ${found.state}, and there is nothing to ${action}; ${instead}`,
    allowed,
  });
}

export const elsewhere = ({ returnId, store }: OrderReturn, asked: string): Refusal => ({
  code: 'received_elsewhere',
  field: 'store',
  detail: `what came of return ${returnId} lies at ${store}, not at ${asked}; go on there, or cancel the rest of it and ask for a return of its own here`,
});

export const noSuchLine = (i: number, { returnId }: OrderReturn, lineId: string): Refusal => ({
  code: 'unknown_line',
  field: `lines[${i}].lineId`,
  detail: `return ${returnId} has no line ${lineId}; look at the return`,
});

export const tooManyUnits = (i: number, action: Action, line: ReturnedLine, left: number): Refusal => ({
  code: 'too_many_units',
  field: `lines[${i}].units`,
  detail: `of line ${line.lineId} there are ${left} left to ${action}; look at the return and send what is there`,
});

/** Keeps the step, and works out what the return is after it. */
export function applied(
  { order, found }: Found,
  context: OrderContext,
  step: Omit<ReturnChanged['step'], 'atMs'>,
  lines: readonly ReturnedLine[],
  stepLines: readonly StepLine[],
  more: { readonly next?: Partial<OrderReturn>; readonly told?: Partial<ReturnChanged> } = {},
): Decided {
  const draft = new OrderDraft(order, context);
  const dated = { ...step, atMs: context.atMs };
  const next = {
    ...found,
    ...more.next,
    lines,
    state: stateOfReturn(lines, more.next?.state ?? found.state),
    history: [...found.history, dated],
  };
  draft.add({ type: 'return_changed', step: dated, next, lines: stepLines, ...more.told });
  return draft.decided();
}

export const changedLine = (lines: readonly ReturnedLine[], changed: ReturnedLine): ReturnedLine[] =>
  lines.map((line) => (line.lineId === changed.lineId ? changed : line));
export const told = ({ lineId, sku, unitPriceMinor }: ReturnedLine, units: number): StepLine => ({
  lineId,
  sku,
  units,
  ...(unitPriceMinor === undefined ? {} : { unitPriceMinor }),
});

/** Any open place may receive it; what of it has come once stays there. */
export function receiveReturn(message: ReceiveReturn, known: Order | undefined, context: OrderContext): Decided {
  const at = findReturn(message, known, 'receive');
  if ('kind' in at) return at;
  const { found } = at;
  const { store, by } = message;
  if (!context.findLocation(store)?.active)
    return refused({ code: 'unknown_store', field: 'store', detail: `no place ${store} is open; give another one` });
  if (found.store !== undefined && found.store !== store) return refused(elsewhere(found, store));
  let { lines } = found;
  const refusals: Refusal[] = [];
  const stepLines = message.lines.flatMap(({ lineId, units, sku }, i): StepLine[] => {
    const line = lines.find((one) => one.lineId === lineId);
    if (!line) return refusals.push(noSuchLine(i, found, lineId)), [];
    if (sku !== undefined && sku !== line.sku)
      return (
        refusals.push({
          code: 'wrong_item',
          field: `lines[${i}].sku`,
          detail: `line ${lineId} is ${line.sku}, not ${sku}; give ${sku} back to the customer, and receive the rest`,
        }),
        []
      );
    const left = line.requestedUnits - line.receivedUnits;
    if (units > left) return refusals.push(tooManyUnits(i, 'receive', line, left)), [];
    lines = changedLine(lines, { ...line, receivedUnits: line.receivedUnits + units });
    return [told(line, units)];
  });
  if (refusals.length > 0) return refused(...refusals);
  return applied(at, context, { type: 'received', by, store }, lines, stepLines, { next: { store } });
}

/** From which of what waits a disposition may take: sold again is only what the rule allows to be. */
const SOURCES: Readonly<Record<DisposedLine['to'], readonly (keyof ReturnedLine['waiting'])[]>> = {
  restock: ['restockable'],
  transfer: ['unsaleable', 'restockable'],
  quality_control: ['unsaleable', 'restockable'],
  write_off: ['unsaleable', 'restockable'],
  hand_back: ['declined'],
};

/** What becomes of the pieces. Until then they are in no stock; with it they are, once. */
export function disposeReturn(message: DisposeReturn, known: Order | undefined, context: OrderContext): Decided {
  const at = findReturn(message, known, 'dispose');
  if ('kind' in at) return at;
  const { found } = at;
  const { store, by } = message;
  if (found.store !== store) return refused(elsewhere(found, store));
  let { lines } = found;
  const refusals: Refusal[] = [];
  const stepLines = message.lines.flatMap(({ lineId, units, to, location }, i): StepLine[] => {
    const line = lines.find((one) => one.lineId === lineId);
    if (!line) return refusals.push(noSuchLine(i, found, lineId)), [];
    if (to === 'transfer' && (location === store || location === undefined || !context.findLocation(location)?.active))
      return (
        refusals.push({
          code: 'unknown_store',
          field: `lines[${i}].location`,
          detail: `a transfer needs another open place to go to, not ${location ?? 'none'}; give its code`,
        }),
        []
      );
    const waiting = { ...line.waiting };
    const left = SOURCES[to].reduce((sum, from) => sum + waiting[from], 0);
    if (units > left) return refusals.push(notLeftFor(i, line, to, left)), [];
    let rest = units;
    for (const from of SOURCES[to]) {
      const taken = Math.min(rest, waiting[from]);
      waiting[from] -= taken;
      rest -= taken;
    }
    const handedBackUnits = line.handedBackUnits + (to === 'hand_back' ? units : 0);
    const { disposedUnits } = line;
    lines = changedLine(lines, { ...line, waiting, handedBackUnits, disposedUnits: disposedUnits + units });
    const where = to === 'transfer' ? { location: location! } : {};
    return [{ ...told(line, units), disposition: to, disposedBefore: disposedUnits, ...where }];
  });
  if (refusals.length > 0) return refused(...refusals);
  return applied(at, context, { type: 'disposed', by, store }, lines, stepLines);
}

function notLeftFor(i: number, { lineId, waiting }: ReturnedLine, to: DisposedLine['to'], left: number): Refusal {
  const allowed = (Object.keys(SOURCES) as DisposedLine['to'][]).filter((one) =>
    SOURCES[one].some((from) => waiting[from] > 0),
  );
  return {
    code: 'disposition_not_allowed',
    field: `lines[${i}].to`,
    detail: `${left} of line ${lineId} may be disposed as ${to}: by rule it hangs on their condition; of what waits there are ${waiting.restockable} to sell again, ${waiting.unsaleable} not to, ${waiting.declined} not taken back`,
    allowed,
  };
}

export function approveReturn(message: ApproveReturn, known: Order | undefined, context: OrderContext): Decided {
  const at = findReturn(message, known, 'approve');
  if ('kind' in at) return at;
  return applied(at, context, { type: 'approved', by: message.by }, at.found.lines, [], {
    next: { state: 'REQUESTED' },
  });
}

/** What has not come is not waited for any more, and may be asked for again. */
export function cancelReturn(message: CancelReturn, known: Order | undefined, context: OrderContext): Decided {
  const at = findReturn(message, known, 'cancel');
  if ('kind' in at) return at;
  const open = at.found.lines.filter((line) => line.receivedUnits < line.requestedUnits);
  const lines = at.found.lines.map((line) => ({ ...line, requestedUnits: line.receivedUnits }));
  const { by, reason } = message;
  const step = { type: 'cancelled' as const, by, ...(reason ? { reason } : {}) };
  const stepLines = open.map((line) => told(line, line.requestedUnits - line.receivedUnits));
  return applied(at, context, step, lines, stepLines, { next: { state: 'REQUESTED' } });
}
