import type { ReservationAnswered } from '@shelfline/contracts/order';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { LedgerEntry, OutputRecord, Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { ORDERS_SOURCE } from './domain/ledger-commands.js';
import { orderOfReservation } from './domain/settle-order.js';
import { deliveryMessages } from './presale/delivery-messages.js';
import { transferAnswerOf, transferAnswerOutput, transfersEndangeredBy } from './transfers/ledger-answer.js';

/** What an order is told of its reservation, on its way to the partition of the order. */
export interface ForwardedEntry extends LedgerEntry {
  readonly messages: readonly (OrderMessage | TransferMessage)[];
}

const MAX_BATCH_RECORDS = 1000;
/** The topic is the ledger's, and read by others: just enough of them. */
const TICK_EVERY_MS = 30_000;

/**
 * Topic `inventory.outcomes`, key sku: what concerns orders is brought to `orders.intake`, where their own partition
 * decides it. A repeat is forwarded again under the id it had, and changes nothing there.
 */
export function ledgerAnswersStream(
  store: PartitionStore<null>,
  groupId: string,
): StreamDefinition<StockOutcome, null> {
  return {
    topic: TOPICS.outcomes,
    groupId,
    parse: parseAnswer,
    store,
    emptyWrites: null,
    republish: (entries) => Promise.resolve((entries as readonly ForwardedEntry[]).flatMap(forwardOutputs)),
    resend: (entry) => forwardOutputs(entry as ForwardedEntry),
    released: () => {},
    // What a killed owner left unsent is sent with the claim, so within a tick. Most records concern nobody here and move
    // the checkpoint only with what comes after them: in a partition that falls silent it would stay behind until
    // retention passes it, which is taken for a loss.
    tickEveryMs: TICK_EVERY_MS,
    maxBatchRecords: MAX_BATCH_RECORDS,
  };
}

/** What does not concern orders passes as time does: without a trace. */
export function parseAnswer(record: ReceivedRecord): Parsed<StockOutcome> {
  const text = record.value?.toString() ?? '';
  // Most answers of a busy ledger are somebody else's, and reading one costs what looking at ten does.
  if (!text.includes('"order/') && !text.includes('"transfer/')) return { kind: 'tick' };
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return { kind: 'tick' };
  }
  const read = StockOutcome.safeParse(sent);
  if (!read.success || broughtOn(read.data, '').length === 0) return { kind: 'tick' };
  // An answer that is given again is the same answer: where it stands on the topic tells two of them apart, and
  // when it was appended tells them from those of a topic that was made anew.
  const id = `${record.partition}/${record.offset}/${record.timestampMs}`;
  return { kind: 'message', id: `answer/${id}`, contentHash: id, message: read.data, anyPartition: true };
}

/** To a transfer or to orders. */
export function broughtOn(outcome: StockOutcome, id: string): ForwardedEntry['messages'] {
  const toTransfer = transferAnswerOf(outcome);
  return toTransfer ? [toTransfer] : [...messagesOf(outcome, id), ...transfersEndangeredBy(outcome, id)];
}

/** `id` names the answer. A shortfall may endanger several orders. */
export function messagesOf(outcome: StockOutcome, id: string): OrderMessage[] {
  if (outcome.type === 'reservation') {
    const { reservationId, command, result, shortUnits, allocations, awaited, reason } = outcome;
    const orderId = outcome.source === ORDERS_SOURCE ? orderOfReservation(reservationId) : undefined;
    if (orderId === undefined || !isNews(command)) return [];
    const said = {
      reservationId,
      command,
      result,
      shortUnits,
      allocations,
      ...(awaited === undefined ? {} : { awaited }),
      ...(reason === undefined ? {} : { reason }),
    };
    return [{ type: 'reservation_answered', id: outcome.id, source: SOURCE_NAME, orderId, ...said }];
  }
  if (outcome.type !== 'shortfall' || outcome.of === 'incoming') return deliveryMessages(outcome, id);
  return outcome.endangered.flatMap(({ reservationId }, i): OrderMessage[] => {
    const orderId = orderOfReservation(reservationId);
    const { sku, location, shortUnits } = outcome;
    return orderId === undefined
      ? []
      : [
          {
            type: 'reservation_endangered',
            id: `${id}/${i}`,
            source: SOURCE_NAME,
            orderId,
            reservationId,
            sku,
            location,
            shortUnits,
          },
        ];
  });
}

/**
 * That what was given back or gone out is so changes nothing in an order, which has written it down before it asked. What
 * it asks for is answered on its own topic (`replyTo`), and comes by here only where an earlier version asked.
 */
const isNews = (command: ReservationAnswered['command']): boolean => command === 'reserve';

const SOURCE_NAME = 'inventory';

export const forwardOutputs = ({ messages }: ForwardedEntry): OutputRecord[] =>
  messages.map((message) =>
    'transferId' in message ? transferAnswerOutput(message as TransferMessage) : orderOutput(message),
  );

const orderOutput = (message: OrderMessage): OutputRecord => ({
  topic: TOPICS.orderIntake,
  key: message.orderId,
  partition: { by: message.orderId },
  type: `shelfline.order.${message.type}`,
  value: message,
});
