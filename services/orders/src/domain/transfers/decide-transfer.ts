import type {
  ApprovalRule,
  TransferMessage,
  TransferReservationAnswered,
  TransferReservationEndangered,
} from '@shelfline/contracts/transfer';
import { askAgainAtMs } from '../ask-again.js';
import type { Refusal } from '../decision.js';
import type { Applied } from '../order.js';
import { approvesItself } from './approval-rule.js';
import { moveGoods } from './move-goods.js';
import { allowedActions, reminderAtMs, type Transfer, type TransferLine, type TransferTimes } from './transfer.js';
import { type TransferDecided, TransferDraft } from './transfer-draft.js';
import type { Requested } from './transfer-events.js';

export interface TransferContext extends Applied {
  readonly times: TransferTimes;
  readonly approvalRules: readonly ApprovalRule[];
  readonly isPlace: (code: string) => boolean;
  readonly sells: (sku: string) => boolean;
}

type Heard = Extract<TransferMessage, { type: 'withdraw' | 'reservation_answered' | 'reservation_endangered' }>;
export type Asked = Exclude<TransferMessage, Heard>;
/** Nobody waits for an answer to it. */
export const isHeard = (message: TransferMessage): message is Heard =>
  message.type === 'withdraw' || message.type === 'reservation_answered' || message.type === 'reservation_endangered';

const refused = (...refusals: Refusal[]): TransferDecided => ({ kind: 'refused', refusals });

/** What is asked of a transfer, or said to it by the ledger. */
export function decideTransfer(
  message: TransferMessage,
  transfer: Transfer | undefined,
  context: TransferContext,
): TransferDecided {
  if (message.type === 'request') return request(message, transfer, context);
  if (isHeard(message)) return transfer ? hear(message, transfer, context) : { kind: 'unchanged' };
  if (!transfer || !mayDo(message, transfer))
    return refused({
      code: 'unknown_transfer',
      field: 'transferId',
      detail: `there is no transfer ${message.transferId} with which ${message.place ?? 'the brand'} may ${message.type}`,
    });
  const allowed = allowedActions(transfer);
  if (!allowed.includes(message.type))
    return refused({
      code: 'out_of_state',
      field: 'type',
      detail: `a transfer that is ${transfer.state} cannot ${message.type}; ${allowed.length > 0 ? `it can: ${allowed.join(', ')}` : 'nothing more is done with it'}`,
      allowed,
    });
  const draft = new TransferDraft(transfer, context);
  const said = saidIn(message);
  switch (message.type) {
    case 'approve':
      approve(draft, said);
      return draft.decided();
    case 'reject':
      draft.add({ type: 'rejected', ...said });
      giveBack(draft, draft.transfer.lines);
      return draft.decided();
    case 'cancel':
      cancel(draft, said);
      return draft.decided();
    case 'ship':
    case 'receive':
    case 'close':
    case 'turn_back': {
      const refusals = moveGoods(draft, message, said);
      return refusals.length > 0 ? refused(...refusals) : draft.decided();
    }
  }
}

/** The place that goods leave ships them, the one they come to counts them; the brand may do everything. */
function mayDo({ type, place }: Asked, { from, to }: Transfer): boolean {
  if (place === undefined) return true;
  switch (type) {
    case 'ship':
    case 'turn_back':
      return place === from;
    case 'receive':
    case 'close':
      return place === to;
    case 'cancel':
      return place === from || place === to;
    case 'approve':
    case 'reject':
    case 'request':
      return false;
  }
}

function request(
  message: Extract<TransferMessage, { type: 'request' }>,
  known: Transfer | undefined,
  context: TransferContext,
): TransferDecided {
  const { transferId, from, to, purpose, orderId, returnId, lines, place } = message;
  const refusals: Refusal[] = [];
  if (known)
    refusals.push({
      code: 'transfer_exists',
      field: 'transferId',
      detail: `there is a transfer ${transferId} already`,
    });
  if (place !== undefined && place !== from && place !== to)
    refusals.push({ code: 'other_place', field: 'to', detail: `${place} may ask only for what it sends or receives` });
  for (const [field, code] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!context.isPlace(code))
      refusals.push({ code: 'unknown_location', field, detail: `the catalog has no open place ${code}` });
  lines.forEach(({ sku }, i) => {
    if (!context.sells(sku))
      refusals.push({ code: 'unknown_sku', field: `lines[${i}].sku`, detail: `the catalog does not know ${sku}` });
  });
  if (refusals.length > 0) return refused(...refusals);
  const own = lines.map(({ lineId, sku, quantity, heldAs }) => ({
    lineId,
    sku,
    quantity,
    ...(heldAs === undefined ? {} : { heldAs }),
  }));
  const requested: Requested = {
    transferId,
    from,
    to,
    purpose,
    lines: own,
    ...(orderId === undefined ? {} : { orderId }),
    ...(returnId === undefined ? {} : { returnId }),
  };
  const draft = new TransferDraft(undefined, context);
  draft.add({ type: 'requested', requested, ...(message.by === undefined ? {} : { by: message.by }) });
  if (approvesItself(requested, context.approvalRules)) approve(draft, { reason: 'by_rule' });
  return draft.decided();
}

interface Said {
  readonly by?: string;
  readonly reason?: string;
}
const saidIn = (message: { readonly by?: string | undefined; readonly reason?: unknown }): Said => ({
  ...(message.by === undefined ? {} : { by: message.by }),
  ...(typeof message.reason === 'string' ? { reason: message.reason } : {}),
});

function approve(draft: TransferDraft, said: Said): void {
  draft.add({ type: 'approved', ...said });
  for (const { lineId, requestedUnits, heldAs } of draft.transfer.lines)
    if (heldAs === undefined) draft.add({ type: 'reserve_asked', lineId, units: requestedUnits });
}

function cancel(draft: TransferDraft, said: Said): void {
  draft.add({ type: 'cancelled', ...said });
  giveBack(draft, draft.transfer.lines);
}

function giveBack(draft: TransferDraft, lines: readonly TransferLine[]): void {
  for (const { lineId, hold } of lines)
    if (hold) {
      draft.add({ type: 'released', lineId });
      draft.add({ type: 'unavailable', lineId, units: hold.units });
    }
}

function hear(message: Heard, transfer: Transfer, context: TransferContext): TransferDecided {
  switch (message.type) {
    case 'withdraw':
      return withdraw(message, transfer, context);
    case 'reservation_answered':
      return answered(message, transfer, context);
    case 'reservation_endangered':
      return endangered(message, transfer, context);
  }
}

/** Never refused: what has left by then comes all the same. */
function withdraw(
  { lines }: Extract<Heard, { type: 'withdraw' }>,
  transfer: Transfer,
  context: TransferContext,
): TransferDecided {
  const draft = new TransferDraft(transfer, context);
  const named = transfer.lines.filter(({ lineId, isWithdrawn }) => lines.includes(lineId) && !isWithdrawn);
  for (const { lineId } of named) draft.add({ type: 'withdrawn', lineId });
  giveBack(draft, named);
  const isOpen = transfer.decision === 'open' && draft.transfer.lines.every(({ isWithdrawn }) => isWithdrawn);
  if (isOpen) draft.add({ type: 'cancelled', reason: 'not_wanted_any_more' });
  return draft.decided();
}

/** A till sold what stood behind a line: it is asked anew, for what is left there after all that was promised before. */
function endangered(
  { reservationId }: TransferReservationEndangered,
  transfer: Transfer,
  context: TransferContext,
): TransferDecided {
  const line = transfer.lines.find(({ hold }) => hold?.reservationId === reservationId);
  if (line?.hold?.state !== 'held') return { kind: 'unchanged' };
  const draft = new TransferDraft(transfer, context);
  const { lineId, hold } = line;
  draft.add({ type: 'released', lineId });
  draft.add({ type: 'reserve_asked', lineId, units: hold.units });
  return draft.decided();
}

function answered(answer: TransferReservationAnswered, transfer: Transfer, context: TransferContext): TransferDecided {
  const { reservationId, command, result, allocations } = answer;
  const draft = new TransferDraft(transfer, context);
  const line = transfer.lines.find(({ hold }) => hold?.reservationId === reservationId);
  if (command === 'fulfil') return result === 'refused' ? leftUnreserved(draft, reservationId) : { kind: 'unchanged' };
  if (!line) return { kind: 'unchanged' };
  const { lineId, hold } = line;
  if (command === 'reserve' && hold!.state === 'asked') {
    const units = result === 'refused' ? 0 : allocations.reduce((sum, { quantity }) => sum + quantity, 0);
    const shortUnits = hold!.units - units;
    draft.add(units > 0 ? { type: 'reserved', lineId, units } : { type: 'released', lineId });
    if (shortUnits > 0) draft.add({ type: 'unavailable', lineId, units: shortUnits });
  }
  return draft.decided();
}

function leftUnreserved(draft: TransferDraft, reservationId: string): TransferDecided {
  const isGone = ({ gone }: TransferLine) => gone.some((one) => one.reservationId === reservationId);
  const line = draft.transfer.lines.find(isGone);
  if (!line) return { kind: 'unchanged' };
  const { units } = line.gone.find((one) => one.reservationId === reservationId)!;
  draft.add({ type: 'left_unreserved', lineId: line.lineId, reservationId, units });
  return draft.decided();
}

/** What time alone does: a question without an answer is asked again, what nobody has done is called out, louder each time. */
export function transferFallsDue(transfer: Transfer, context: TransferContext): TransferDecided {
  const { atMs, times } = context;
  const draft = new TransferDraft(transfer, context);
  for (const { lineId, hold } of transfer.lines)
    if (hold?.state === 'asked' && askAgainAtMs(hold, times.askAgainAfterMs) <= atMs)
      draft.add({ type: 'reserve_asked_again', lineId: lineId });
  const reminderMs = reminderAtMs(transfer, times);
  if (reminderMs !== undefined && reminderMs <= atMs) draft.add({ type: 'overdue', level: transfer.overdue + 1 });
  return draft.decided();
}
