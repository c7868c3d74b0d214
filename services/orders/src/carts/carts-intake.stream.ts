import { CartMessage } from '@shelfline/contracts/cart';
import { versionInHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { readMessage } from '../read-message.js';
import { answerOutput, type CartEntry, cartOutput, entryOutputs } from './cart-outputs.js';
import type { CartsRepository, CartWrites } from './carts.repository.js';

const MAX_BATCH_RECORDS = 500;
/** Carts expire after days: half a minute sooner or later is nothing to anybody. */
const TICK_EVERY_MS = 30_000;
export const CARTS_DUE = Symbol('carts due');

export interface CartsStreamOptions {
  readonly repository: Pick<CartsRepository, 'findCarts'>;
  readonly store: PartitionStore<CartWrites>;
  readonly groupId: string;
  readonly due: EarliestDue;
}

/** Topic `orders.cart-intake`, key memberId: all that changes a cart is decided in order by one owner. */
export const cartsStream = ({
  repository,
  store,
  groupId,
  due,
}: CartsStreamOptions): StreamDefinition<CartMessage, CartWrites> => ({
  topic: TOPICS.cartIntake,
  groupId,
  parse: parseCartMessage,
  store,
  emptyWrites: [],
  republish: async (entries) => {
    const own = entries as readonly CartEntry[];
    const carts = await repository.findCarts([...new Set(own.map(({ memberId }) => memberId))]);
    return [...own.flatMap(entryOutputs), ...[...carts.values()].map(cartOutput)];
  },
  resend: (entry) => {
    const { answer } = entry as CartEntry;
    return answer ? [answerOutput(answer)] : [];
  },
  released: (partition) => due.released(partition),
  watched: [
    {
      topic: TOPICS.carts,
      versionOf: ({ headers }) => versionInHeaders(headers),
      committed: async (keys) =>
        [...(await repository.findCarts(keys)).values()].map((cart) => ({
          key: cart.memberId,
          version: cart.version,
          output: cartOutput(cart),
        })),
    },
  ],
  tickEveryMs: TICK_EVERY_MS,
  maxBatchRecords: MAX_BATCH_RECORDS,
});

export const parseCartMessage = (record: ReceivedRecord): Parsed<CartMessage> =>
  readMessage(record, CartMessage, { keyOf: ({ memberId }) => memberId, what: 'the message' });
