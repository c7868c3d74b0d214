import type { TransferPurpose, TransferRequestType, TransferState } from '@shelfline/contracts/transfer';
import { askAgainAtMs } from '../ask-again.js';
import type { Applied } from '../order.js';
import type { Requested, TransferEvent } from './transfer-events.js';

/** What stands behind a line at the place it leaves. */
export interface TransferHold {
  readonly reservationId: string;
  readonly state: 'asked' | 'held';
  readonly units: number;
  readonly askedAtMs: number;
  /** How often; absent = once. */
  readonly asks?: number;
  /** Asked again it must end at the same moment: it would be another question otherwise. */
  readonly expiresAtMs: number;
}
/** Until then it may be decided. */
export const HOLD_MS = 24 * 60 * 60 * 1000;
/**
 * Units of a line, each counted once: requested = asked or held, or unavailable, or left; what left is in transit,
 * received, missing or turned back.
 */
export interface TransferLine {
  readonly lineId: string;
  readonly sku: string;
  readonly requestedUnits: number;
  /** Under which it was reserved before there was a transfer; the transfer's own from then on. */
  readonly heldAs?: string;
  /** Nobody waits for it any more: it comes as anybody's. */
  readonly isWithdrawn?: true;
  readonly hold?: TransferHold;
  readonly unavailableUnits: number;
  readonly shippedUnits: number;
  /** Those that had left; damaged ones among them. */
  readonly receivedUnits: number;
  readonly damagedUnits: number;
  readonly overUnits: number;
  readonly missingUnits: number;
  readonly turnedBackUnits: number;
  /** Reservations that went out, with what the ledger took of each; the newest last. */
  readonly gone: readonly { readonly reservationId: string; readonly units: number }[];
  /** Steps so far: names reservations and movements, so that none is named twice. */
  readonly steps: number;
}
export interface Discrepancy {
  readonly lineId: string;
  readonly kind: 'damaged' | 'over' | 'short';
  readonly units: number;
  readonly reason: string;
  readonly by?: string;
  readonly atMs: number;
}
export interface Transfer {
  readonly transferId: string;
  readonly from: string;
  readonly to: string;
  readonly purpose: TransferPurpose;
  readonly orderId?: string;
  readonly returnId?: string;
  readonly decision: 'open' | 'approved' | 'rejected' | 'cancelled';
  readonly state: TransferState;
  readonly lines: readonly TransferLine[];
  readonly discrepancies: readonly Discrepancy[];
  readonly tracking: readonly string[];
  readonly reason?: string;
  readonly overdue: number;
  /** When somebody last did something; reminders count from then. */
  readonly stepAtMs: number;
  readonly requestedAtMs: number;
  readonly changedAtMs: number;
  readonly version: number;
}

/** How long each stage may take before it is somebody's affair. */
export interface TransferTimes {
  readonly approveWithinMs: number;
  readonly shipWithinMs: number;
  readonly receiveWithinMs: number;
  readonly askAgainAfterMs: number;
}

/** From 1: 0 names what was reserved for it before there was a transfer. */
export const reservationIdOf = (transferId: string, lineId: string, step: number): string =>
  `transfer/${transferId}/${lineId}/${step}`;
/** An order waits for what this line brings. */
export const isForOrder = ({ orderId }: Transfer, { heldAs, isWithdrawn }: TransferLine): boolean =>
  orderId !== undefined && heldAs?.startsWith(`order/${orderId}/`) === true && !isWithdrawn;
export const inTransitUnits = (line: TransferLine): number =>
  line.shippedUnits - line.receivedUnits - line.missingUnits - line.turnedBackUnits;
export const heldUnits = ({ hold }: TransferLine): number => (hold?.state === 'held' ? hold.units : 0);
export const getLine = ({ transferId, lines }: Transfer, lineId: string): TransferLine => {
  const line = lines.find((one) => one.lineId === lineId);
  if (!line) throw new Error(`transfer ${transferId} has no line ${lineId}`);
  return line;
};

/** Worked out from its parts, so that no path can leave it in a state its parts do not have. */
export function stateOf({ decision, lines }: Transfer): TransferState {
  if (decision === 'open') return 'REQUESTED';
  if (decision === 'rejected') return 'REJECTED';
  if (lines.some((line) => inTransitUnits(line) > 0)) return 'IN_TRANSIT';
  if (lines.some(({ hold }) => hold?.state === 'asked')) return 'RESERVING';
  if (lines.some(({ hold }) => hold)) return 'APPROVED';
  return lines.some(({ shippedUnits }) => shippedUnits > 0) ? 'CLOSED' : 'CANCELLED';
}

type Action = Exclude<TransferRequestType, 'request'>;
/** What can be done now; more shipments may leave while others are under way. */
export function allowedActions(transfer: Transfer): Action[] {
  const { state, lines } = transfer;
  const held = lines.some((line) => heldUnits(line) > 0) ? (['ship'] as const) : [];
  const open = lines.some(({ hold }) => hold) ? (['cancel'] as const) : [];
  switch (state) {
    case 'REQUESTED':
      return ['approve', 'reject', 'cancel'];
    case 'RESERVING':
    case 'APPROVED':
      return [...held, ...open];
    case 'IN_TRANSIT':
      return [...held, 'receive', 'close', 'turn_back', ...open];
    case 'CLOSED':
    case 'REJECTED':
    case 'CANCELLED':
      return [];
  }
}

/** The next moment at which time alone changes it; undefined = never. */
export function dueAtMs(transfer: Transfer, times: TransferTimes): number | undefined {
  const asked = transfer.lines.flatMap(({ hold }) =>
    hold?.state === 'asked' ? [askAgainAtMs(hold, times.askAgainAfterMs)] : [],
  );
  const reminder = reminderAtMs(transfer, times);
  const moments = reminder === undefined ? asked : [...asked, reminder];
  return moments.length > 0 ? Math.min(...moments) : undefined;
}
/** After the first one each comes as late again as all before, so that a forgotten transfer does not call for ever. */
export function reminderAtMs({ state, stepAtMs, overdue }: Transfer, times: TransferTimes): number | undefined {
  const withinMs = stageMs(state, times);
  return withinMs === undefined ? undefined : stepAtMs + withinMs * 2 ** Math.min(overdue, 20);
}
function stageMs(state: TransferState, times: TransferTimes): number | undefined {
  switch (state) {
    case 'REQUESTED':
      return times.approveWithinMs;
    case 'APPROVED':
      return times.shipWithinMs;
    case 'IN_TRANSIT':
      return times.receiveWithinMs;
    case 'RESERVING':
    case 'CLOSED':
    case 'REJECTED':
    case 'CANCELLED':
      return undefined;
  }
}

export function evolve(transfer: Transfer | undefined, event: TransferEvent, applied: Applied): Transfer {
  const next = event.type === 'requested' ? newTransfer(event.requested, applied) : change(transfer!, event, applied);
  const stepped = event.type === 'overdue' || event.type === 'reserve_asked_again';
  const step = stepped ? {} : { stepAtMs: applied.atMs, overdue: 0 };
  const changed = { ...next, ...step, version: applied.version, changedAtMs: applied.atMs };
  return { ...changed, state: stateOf(changed) };
}

const heldBefore = (reservationId: string, units: number, atMs: number): TransferHold => ({
  reservationId,
  state: 'held',
  units,
  askedAtMs: atMs,
  expiresAtMs: atMs + HOLD_MS,
});

const newTransfer = ({ lines, ...rest }: Requested, { atMs, version }: Applied): Transfer => ({
  ...rest,
  decision: 'open',
  state: 'REQUESTED',
  lines: lines.map(({ lineId, sku, quantity, heldAs }) => ({
    lineId,
    sku,
    requestedUnits: quantity,
    ...(heldAs === undefined ? {} : { heldAs, hold: heldBefore(heldAs, quantity, atMs) }),
    unavailableUnits: 0,
    shippedUnits: 0,
    receivedUnits: 0,
    damagedUnits: 0,
    overUnits: 0,
    missingUnits: 0,
    turnedBackUnits: 0,
    gone: [],
    steps: 0,
  })),
  discrepancies: [],
  tracking: [],
  overdue: 0,
  stepAtMs: atMs,
  requestedAtMs: atMs,
  changedAtMs: atMs,
  version,
});

function change(transfer: Transfer, event: Exclude<TransferEvent, { type: 'requested' }>, applied: Applied): Transfer {
  switch (event.type) {
    case 'approved':
      return { ...transfer, decision: 'approved' };
    case 'rejected':
    case 'cancelled':
      return {
        ...transfer,
        // What has left is under way whatever becomes of the rest.
        decision: event.type,
        ...(event.reason === undefined ? {} : { reason: event.reason }),
      };
    case 'overdue':
      return { ...transfer, overdue: event.level };
    case 'reserve_asked':
    case 'reserve_asked_again':
    case 'reserved':
    case 'unavailable':
    case 'released':
    case 'withdrawn':
    case 'shipped':
    case 'left_unreserved':
    case 'received':
    case 'missing':
    case 'turned_back': {
      const { lineId } = event;
      const lines = transfer.lines.map((line) =>
        line.lineId === lineId ? moved(line, event, transfer, applied) : line,
      );
      const tracking =
        event.type === 'shipped' && event.tracking && !transfer.tracking.includes(event.tracking)
          ? [...transfer.tracking, event.tracking]
          : transfer.tracking;
      return { ...transfer, lines, tracking, discrepancies: [...transfer.discrepancies, ...noted(event, applied)] };
    }
  }
}

type LineEvent = Extract<TransferEvent, { lineId: string }>;

function moved(line: TransferLine, event: LineEvent, { transferId }: Transfer, { atMs }: Applied): TransferLine {
  const { hold: held, ...rest } = line;
  const steps = line.steps + 1;
  switch (event.type) {
    case 'reserve_asked': {
      const reservationId = reservationIdOf(transferId, line.lineId, steps);
      const hold = { reservationId, state: 'asked' as const, units: event.units, askedAtMs: atMs };
      return { ...rest, steps, hold: { ...hold, expiresAtMs: atMs + HOLD_MS } };
    }
    case 'reserve_asked_again':
      return { ...rest, hold: { ...held!, askedAtMs: atMs, asks: (held!.asks ?? 1) + 1 } };
    case 'reserved':
      return { ...rest, hold: { ...held!, state: 'held', units: event.units } };
    case 'unavailable':
      return { ...line, unavailableUnits: line.unavailableUnits + event.units };
    case 'released':
      return rest;
    case 'withdrawn':
      return { ...line, isWithdrawn: true };
    case 'shipped': {
      const gone = [...line.gone, { reservationId: held!.reservationId, units: held!.units }];
      return { ...rest, steps, gone, shippedUnits: line.shippedUnits + event.units };
    }
    case 'left_unreserved':
      return { ...line, steps, gone: line.gone.filter(({ reservationId }) => reservationId !== event.reservationId) };
    case 'received':
      return {
        ...line,
        steps,
        receivedUnits: line.receivedUnits + event.units,
        damagedUnits: line.damagedUnits + event.damaged,
        overUnits: line.overUnits + event.over,
      };
    case 'missing':
      return { ...line, steps, missingUnits: line.missingUnits + event.units };
    case 'turned_back':
      return { ...line, steps, turnedBackUnits: line.turnedBackUnits + event.units };
  }
}

function noted(event: LineEvent, { atMs }: Applied): Discrepancy[] {
  const base = { lineId: event.lineId, atMs };
  if (event.type === 'missing')
    return [{ ...base, kind: 'short', units: event.units, reason: event.reason ?? 'short', ...byOf(event) }];
  if (event.type !== 'received') return [];
  const { damaged, over, reason } = event;
  return [
    ...(damaged > 0
      ? [{ ...base, kind: 'damaged' as const, units: damaged, reason: reason ?? 'damaged', ...byOf(event) }]
      : []),
    ...(over > 0 ? [{ ...base, kind: 'over' as const, units: over, reason: reason ?? 'over', ...byOf(event) }] : []),
  ];
}
const byOf = ({ by }: { readonly by?: string }) => (by === undefined ? {} : { by });
