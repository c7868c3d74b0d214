import { type AskedOfCart, CartOutcome } from '@shelfline/contracts/cart';
import { TOPICS } from '@shelfline/contracts/topics';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { answersTo } from '../answers-to.js';
import { isUnderWay } from '../domain/carts/cart.js';
import { TopicDesk } from '../topic-desk.js';
import { storedCart, toldOrder } from './cart-outputs.js';
import { refusedCart } from './cart-problems.js';
import type { CartsRepository, CartWrites } from './carts.repository.js';

/** Of whom the answers are read here. */
export const CART_DESK = 'carts-api';

/** How often a shopper may change his cart. */
export const CART_LIMIT = Symbol('cart limit');

/** A first answer to an order says only that it is under way: whoever ordered waits for what becomes of it. */
const isUnsettled = ({ order }: CartOutcome): boolean => order !== undefined && isUnderWay(order);
export const decodeCartAnswer = answersTo(CART_DESK, CartOutcome, isUnsettled);

/** Asks a member's cart. */
export class CartDesk {
  private readonly desk: TopicDesk<AskedOfCart, CartOutcome>;

  constructor(
    publisher: Publisher,
    answers: OutcomeTail<CartOutcome>,
    store: Pick<PartitionStore<CartWrites>, 'findEntries'>,
    private readonly carts: Pick<CartsRepository, 'findCart'>,
    answerWithinMs: number,
  ) {
    this.desk = new TopicDesk({
      publisher,
      answers,
      store,
      answerWithinMs,
      topic: TOPICS.cartIntake,
      keyOf: ({ memberId }) => memberId,
      shownAt: ({ memberId }) => `/api/orders/carts/${encodeURIComponent(memberId)}`,
      mayBeTriedAgain: ({ type }, { result }) => type === 'cart_order' && result === 'refused',
      underWay: { isUnsettled, whatBecame: (answer, askedBy) => this.withWhatBecame(answer, askedBy) },
    });
  }

  /** Throws in words what was refused. Of an order it is what became of it, or that it is under way still. */
  async ask(message: AskedOfCart): Promise<CartOutcome> {
    return said(await this.desk.ask(message));
  }

  /** The entry of an order holds its first answer: the cart itself says more. */
  private async withWhatBecame(answer: CartOutcome, askedBy: string): Promise<CartOutcome> {
    const cart = await this.carts.findCart(answer.memberId);
    const order = cart?.orders.find((one) => one.askedBy === askedBy);
    return cart && order ? { ...answer, cart: storedCart(cart), order: toldOrder(order) } : answer;
  }
}

function said(outcome: CartOutcome): CartOutcome {
  if (outcome.result === 'refused') throw refusedCart(outcome);
  return outcome;
}
