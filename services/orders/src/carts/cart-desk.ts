import { type AskedOfCart, CartOutcome } from '@shelfline/contracts/cart';
import { TOPICS } from '@shelfline/contracts/topics';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { answersTo } from '../answers-to.js';
import { isUnderWay } from '../domain/carts/cart.js';
import { becameOf, standsOf } from '../domain/carts/decide-cart.js';
import { CARTS_SOURCE, messageIdOf } from '../domain/carts/order-cart.js';
import type { OrderTimelineRepository } from '../timeline/order-timeline.repository.js';
import { TopicDesk } from '../topic-desk.js';
import { saysWhatBecame, storedCart, toldOrder } from './cart-outputs.js';
import { refusedCart } from './cart-problems.js';
import type { CartsRepository, CartWrites } from './carts.repository.js';

/** Of whom the answers are read here. */
export const CART_DESK = 'carts-api';

/** How often a shopper may change his cart. */
export const CART_LIMIT = Symbol('cart limit');

/** A first answer to an order says only that it is under way: whoever ordered waits for what becomes of it. */
const isUnsettled = ({ order }: CartOutcome): boolean => order !== undefined && isUnderWay(order);
export const decodeCartAnswer = answersTo(CART_DESK, CartOutcome, isUnsettled);

/** A refusal of the cart, or of the order that was made of it: in either case the goods are in the cart. */
const tookNothing = ({ result, order }: CartOutcome): boolean => result === 'refused' || order?.result === 'refused';

export interface KnownOfCarts {
  readonly entries: Pick<PartitionStore<CartWrites>, 'findEntries'>;
  readonly carts: Pick<CartsRepository, 'findCart'>;
  /** What was told of the orders that carts asked for. */
  readonly orderAnswers: Pick<OrderTimelineRepository, 'findAnswer'>;
}

/** Asks a member's cart. */
export class CartDesk {
  private readonly desk: TopicDesk<AskedOfCart, CartOutcome>;

  constructor(
    publisher: Publisher,
    answers: OutcomeTail<CartOutcome>,
    private readonly known: KnownOfCarts,
    answerWithinMs: number,
  ) {
    this.desk = new TopicDesk({
      publisher,
      answers,
      store: known.entries,
      answerWithinMs,
      topic: TOPICS.cartIntake,
      keyOf: ({ memberId }) => memberId,
      shownAt: ({ memberId }) => `/api/orders/carts/${encodeURIComponent(memberId)}`,
      mayBeTriedAgain: ({ type }, answer) => type === 'cart_order' && tookNothing(answer),
      underWay: { isUnsettled, whatBecame: (answer, askedBy) => this.withWhatBecame(answer, askedBy) },
    });
  }

  /** Throws in words what was refused. Of an order it is what became of it, or that it is under way still. */
  async ask(message: AskedOfCart): Promise<CartOutcome> {
    return said(await this.desk.ask(message));
  }

  /** The entry of an order holds its first answer: the cart itself says more. */
  private async withWhatBecame(answer: CartOutcome, askedBy: string): Promise<CartOutcome> {
    const cart = await this.known.carts.findCart(answer.memberId);
    const now = cart ? { ...answer, cart: storedCart(cart) } : answer;
    const order = cart?.orders.find((one) => one.askedBy === askedBy);
    return order ? { ...now, order: toldOrder(order) } : this.asToldLongAgo(now);
  }

  /** A cart remembers its last orders only, and none once it has expired: what it was told of each is in their entries. */
  private async asToldLongAgo(answer: CartOutcome): Promise<CartOutcome> {
    const { order, memberId, version } = answer;
    if (!order) return answer;
    const messageId = messageIdOf(memberId, version);
    const told = await this.known.orderAnswers.findAnswer(
      order.orderId,
      (one) => one.source === CARTS_SOURCE && one.id === messageId && saysWhatBecame(one),
    );
    if (!told) return answer;
    const { errors } = told;
    const { became: _, ...asked } = order;
    const { stands, ...became } = standsOf(told);
    const known = { ...asked, result: becameOf(told), ...became, ...stands };
    return { ...answer, order: { ...known, ...(errors ? { errors } : {}) } };
  }
}

function said(outcome: CartOutcome): CartOutcome {
  if (outcome.result === 'refused') throw refusedCart(outcome);
  return outcome;
}
