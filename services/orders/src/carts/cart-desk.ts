import { type AskedOfCart, CartOutcome } from '@shelfline/contracts/cart';
import { TOPICS } from '@shelfline/contracts/topics';
import { problem } from '@shelfline/service-kit/problem';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { isUnderWay } from '../domain/carts/cart.js';
import { conflicting, notConfirmed } from '../order-problems.js';
import { contentHashOf } from '../read-message.js';
import { type CartEntry, storedCart, toldOrder } from './cart-outputs.js';
import { refusedCart } from './cart-problems.js';
import type { CartsRepository, CartWrites } from './carts.repository.js';

/** Of whom the answers are read here. */
export const CART_DESK = 'carts-api';
const ASKED_HERE = JSON.stringify(CART_DESK);

/** How often a shopper may change his cart. */
export const CART_LIMIT = Symbol('cart limit');

/** A first answer to an order says only that it is under way: whoever ordered waits for what becomes of it. */
export function decodeCartAnswer({ value }: ReceivedRecord): { id: string; outcome: CartOutcome } | undefined {
  if (!value?.includes(ASKED_HERE)) return undefined;
  const { data } = CartOutcome.safeParse(JSON.parse(value.toString()));
  if (data?.source !== CART_DESK || isUnsettled(data)) return undefined;
  return { id: `${data.source}/${data.id}`, outcome: data };
}
const isUnsettled = ({ order }: CartOutcome): boolean => order !== undefined && isUnderWay(order);

/** Sends what REST is asked the one way there is, through the topic, and waits for what came of it. */
export class CartDesk {
  constructor(
    private readonly publisher: Publisher,
    private readonly answers: OutcomeTail<CartOutcome>,
    private readonly store: Pick<PartitionStore<CartWrites>, 'findEntries'>,
    private readonly carts: Pick<CartsRepository, 'findCart'>,
    private readonly answerWithinMs: number,
  ) {}

  /**
   * What was asked before is not sent again; throws in words what was refused. Of an order it is what became of it, or
   * that it is under way still.
   */
  async ask(message: AskedOfCart): Promise<CartOutcome> {
    const before = await this.findAnswer(message);
    if (before) return said(before);
    const awaited = this.answers.expect(entryIdOf(message), this.answerWithinMs);
    const { memberId } = message;
    const [sent] = await this.publisher.publish([
      { topic: TOPICS.cartIntake, key: memberId, partitionBy: memberId, value: message },
    ]);
    if (!sent!.ok) throw notConfirmed();
    const heard = await awaited;
    // Only the entry tells whether the answer is to this message or to another of the same id under way at that time.
    const stored = await this.findAnswer(message);
    const outcome = heard && stored && isUnsettled(stored) ? heard : (stored ?? heard);
    if (outcome) return said(outcome);
    throw problem(
      503,
      'not-answered-yet',
      'It was taken and is not decided yet',
      `It will be. Look at /api/orders/carts/${encodeURIComponent(memberId)}, or send the same again to wait for its answer.`,
    );
  }

  private async findAnswer(message: AskedOfCart): Promise<CartOutcome | undefined> {
    const id = entryIdOf(message);
    const entry = (await this.store.findEntries([id])).get(id) as CartEntry | undefined;
    if (!entry?.answer) return undefined;
    if (entry.contentHash !== contentHashOf(message)) throw conflicting('This id');
    return isUnsettled(entry.answer) ? this.withWhatBecame(entry.answer, id) : entry.answer;
  }

  /** The entry of an order holds its first answer: the cart itself says more. */
  private async withWhatBecame(answer: CartOutcome, askedBy: string): Promise<CartOutcome> {
    const cart = await this.carts.findCart(answer.memberId);
    const order = cart?.orders.find((one) => one.askedBy === askedBy);
    return cart && order ? { ...answer, cart: storedCart(cart), order: toldOrder(order) } : answer;
  }
}

const entryIdOf = ({ source, id }: AskedOfCart): string => `${source}/${id}`;

function said(outcome: CartOutcome): CartOutcome {
  if (outcome.result === 'refused') throw refusedCart(outcome);
  return outcome;
}
