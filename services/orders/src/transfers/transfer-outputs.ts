import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferEvent as ToldEvent, TransferOutcome, TransferView } from '@shelfline/contracts/transfer-view';
import type { LedgerEntry, OutputRecord } from '@shelfline/streaming/stream';
import { allowedActions, heldUnits, inTransitUnits, type Transfer } from '../domain/transfers/transfer.js';
import type { TransferEvent } from '../domain/transfers/transfer-events.js';

/** What came of one message or time-out: deduplication, answer and outbox in one. */
export interface TransferEntry extends LedgerEntry {
  readonly transferId: string;
  /** Absent of what nobody asked: time-outs, the ledger's answers. */
  readonly answer?: TransferOutcome;
  readonly told: readonly ToldEvent[];
  readonly deltas: readonly (StockCommand | StockFact)[];
  /** To the order it is for; absent where none waits for it. */
  readonly news?: readonly OrderMessage[];
}

export const entryOutputs = ({ transferId, answer, told, deltas, news = [] }: TransferEntry): OutputRecord[] => [
  ...deltas.map((delta) => ({
    topic: TOPICS.deltas,
    key: delta.sku,
    partition: { by: delta.sku },
    type: `inventory.delta.${delta.type}`,
    value: delta,
  })),
  ...news.map((message) => ({
    topic: TOPICS.orderIntake,
    key: message.orderId,
    partition: { by: message.orderId },
    type: `shelfline.order.${message.type}`,
    value: message,
  })),
  ...told.map((event) => ({
    topic: TOPICS.transferEvents,
    key: transferId,
    partition: 'same' as const,
    type: `shelfline.transfer.${event.type}`,
    value: event,
  })),
  ...(answer ? [answerOutput(answer)] : []),
];
export const answerOutput = (answer: TransferOutcome): OutputRecord => ({
  topic: TOPICS.transferOutcomes,
  key: answer.transferId,
  partition: 'same',
  type: 'shelfline.transfer.outcome',
  value: answer,
});

export function toldEvents(transfer: Transfer, events: readonly TransferEvent[]): ToldEvent[] {
  const { transferId, from, to, orderId, state, version, changedAtMs } = transfer;
  const at = new Date(changedAtMs).toISOString();
  const common = { transferId, from, to, at, state, version, ...(orderId === undefined ? {} : { orderId }) };
  return events.flatMap((event): ToldEvent[] => {
    switch (event.type) {
      case 'reserve_asked':
      case 'reserve_asked_again':
      case 'released':
      case 'withdrawn':
      case 'left_unreserved':
        return [];
      case 'requested':
        return [{ ...common, type: 'requested', ...(event.by === undefined ? {} : { by: event.by }) }];
      case 'approved':
      case 'rejected':
      case 'cancelled':
        return [{ ...common, ...event }];
      case 'overdue':
        return [{ ...common, type: 'overdue', level: event.level }];
      case 'received': {
        const { damaged, over, ...rest } = event;
        return [{ ...common, ...rest, ...ofLine(transfer, event), damagedUnits: damaged, overUnits: over }];
      }
      case 'shipped': {
        const { stayed: _, ...rest } = event;
        return [{ ...common, ...rest, ...ofLine(transfer, event) }];
      }
      case 'reserved':
      case 'unavailable':
      case 'missing':
      case 'turned_back':
        return [{ ...common, ...event, ...ofLine(transfer, event) }];
    }
  });
}
const ofLine = ({ lines }: Transfer, event: { readonly lineId: string }) => ({
  sku: lines.find(({ lineId }) => lineId === event.lineId)!.sku,
});

/** As REST shows it. */
export function transferView(transfer: Transfer): TransferView {
  const { transferId, state, from, to, purpose, orderId, returnId, lines, discrepancies, overdue, tracking, reason } =
    transfer;
  return {
    transferId,
    state,
    from,
    to,
    purpose,
    ...(orderId === undefined ? {} : { orderId }),
    ...(returnId === undefined ? {} : { returnId }),
    lines: lines.map((line) => ({
      lineId: line.lineId,
      sku: line.sku,
      requestedUnits: line.requestedUnits,
      heldUnits: heldUnits(line),
      inTransitUnits: inTransitUnits(line),
      receivedUnits: line.receivedUnits,
      damagedUnits: line.damagedUnits,
      overUnits: line.overUnits,
      missingUnits: line.missingUnits,
      turnedBackUnits: line.turnedBackUnits,
      unavailableUnits: line.unavailableUnits,
    })),
    discrepancies: discrepancies.map(({ atMs, ...rest }) => ({ ...rest, at: new Date(atMs).toISOString() })),
    actions: allowedActions(transfer),
    overdue,
    tracking: [...tracking],
    ...(reason === undefined ? {} : { reason }),
    requestedAt: new Date(transfer.requestedAtMs).toISOString(),
    changedAt: new Date(transfer.changedAtMs).toISOString(),
    version: transfer.version,
  };
}
