import { Controller, Inject } from '@nestjs/common';
import type { AskedOfCart, CartMessage, CartOutcome } from '@shelfline/contracts/cart';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { type DueSource, EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import { expiresAtMs, type MemberCart } from '../domain/carts/cart.js';
import type { CartContext, CartDecided } from '../domain/carts/cart-decision.js';
import { decideCart, expireCart } from '../domain/carts/decide-cart.js';
import { PromisableStock } from '../promisable-stock.js';
import { type CartEntry, cartOutput, entryOutputs, storedCart, toldOrder, toldUnits } from './cart-outputs.js';
import { CartTimes } from './cart-times.js';
import { CartsRepository, type CartWrites } from './carts.repository.js';
import { CARTS_DUE } from './carts-intake.stream.js';
import { CartsMetrics } from './carts-metrics.js';

/** So many expire with one tick; the rest with the next. */
const MOST_EXPIRED = 500;
/** By then the order that a cart asked for was sent, also by whoever took over; until then it may have to be sent again. */
const KEEP_PLACED_MS = 24 * 60 * 60 * 1000;
const NEVER_MS = Number.POSITIVE_INFINITY;

/**
 * Topic `orders.cart-intake`, key memberId, in order per member. A repeated record is answered again and changes nothing;
 * carts expire when a tick is read, at its append time.
 */
@Controller()
export class CartsIntakeHandler {
  constructor(
    private readonly repository: CartsRepository,
    private readonly stock: PromisableStock,
    private readonly times: CartTimes,
    private readonly metrics: CartsMetrics,
    @Inject(CARTS_DUE) private readonly due: EarliestDue,
  ) {}

  /** Carts that nobody touches any more, and who orders were for: what is due first tells for both. */
  private readonly passing: DueSource<MemberCart> = {
    findEarliestDueMs: async (partition) => {
      const [expiryMs = NEVER_MS, placedMs = NEVER_MS] = await Promise.all([
        this.repository.findEarliestExpiryMs(partition),
        this.repository.findEarliestPlacedMs(partition),
      ]);
      return Math.min(expiryMs, placedMs + KEEP_PLACED_MS);
    },
    findDue: async (partition, nowMs, limit) => {
      // No decision reads it, so this need not stand in the batch's transaction: a repeat finds nothing.
      await this.repository.forgetPlaced(partition, nowMs - KEEP_PLACED_MS);
      return this.repository.findExpired(partition, nowMs, limit);
    },
  };

  @HandlesBatch(TOPICS.cartIntake)
  async handleBatch({ items, partition, generation }: Batch<CartMessage>): Promise<Decision<CartWrites>> {
    const ids = new Set(items.flatMap((item) => (item.kind === 'message' ? [item.message.memberId] : [])));
    const carts = await this.repository.findCarts([...ids]);
    const tick = items.findLast(({ kind }) => kind === 'tick');
    const nowMs = tick?.record.timestampMs;
    const expired =
      nowMs === undefined ? [] : await this.due.find(this.passing, { partition, nowMs, limit: MOST_EXPIRED });
    for (const cart of expired) if (!carts.has(cart.memberId)) carts.set(cart.memberId, cart);
    const work = new CartWork(partition, carts);
    for (const item of items) {
      const { offset, timestampMs: atMs } = item.record;
      const context = this.contextAt(atMs, versionOf(generation, offset));
      if (item.kind === 'tick') work.passTime(offset, context);
      else work.decide(item, context);
    }
    return work.decision((entries, carts) => {
      this.due.committed(partition, [...entries.flatMap(forgottenAtMs), ...carts.map(expiresAtMs)]);
      this.metrics.decided(entries);
    });
  }

  private contextAt(atMs: number, version: number): CartContext {
    return {
      atMs,
      version,
      keepForMs: this.times.keepForMs,
      findChannel: (code) => this.stock.findChannel(code),
      knowsSku: (sku) => this.stock.sells(sku),
    };
  }
}

type Arrived = Extract<Batch<CartMessage>['items'][number], { kind: 'message' }>;

/** The carts of one batch, each as the decisions so far have made it. */
class CartWork {
  private readonly entries: CartEntry[] = [];
  private readonly changed = new Set<string>();

  constructor(
    private readonly partition: number,
    private readonly carts: Map<string, MemberCart>,
  ) {}

  decide({ id, contentHash, message, record }: Arrived, context: CartContext): void {
    const { memberId } = message;
    const known = this.carts.get(memberId);
    const decided = decideCart(message, known, context);
    if (decided.kind === 'applied') this.keep(decided.cart);
    const answer =
      message.type === 'cart_order_answered' ? {} : { answer: answerOf(message, decided, known, context.version) };
    const { place, settled } = decided.kind === 'applied' ? decided : {};
    this.entries.push({
      _id: id,
      contentHash,
      partition: this.partition,
      offset: record.offset,
      outcome: decided.kind,
      memberId,
      ...answer,
      ...(place ? { place, placedAtMs: context.atMs } : {}),
      ...(settled ? { settled: settledAnswer(settled, this.carts.get(memberId)!) } : {}),
    });
  }

  passTime(offset: number, context: CartContext): void {
    for (const cart of this.carts.values()) {
      const dueMs = expiresAtMs(cart);
      if (dueMs === undefined || dueMs > context.atMs) continue;
      const { memberId } = cart;
      this.keep(expireCart(cart, context));
      // Sources hold no control characters, so no message can have this id.
      const _id = `\u0001due/${memberId}/${context.version}`;
      this.entries.push({ _id, contentHash: '', partition: this.partition, offset, outcome: 'expired', memberId });
    }
  }

  decision(committed: (entries: readonly CartEntry[], changed: readonly MemberCart[]) => void): Decision<CartWrites> {
    const changed = [...this.changed].map((id) => this.carts.get(id)!);
    return {
      entries: this.entries,
      writes: changed.map((cart) => ({ partition: this.partition, cart })),
      outputs: [...this.entries.flatMap(entryOutputs), ...changed.map(cartOutput)],
      committed: () => committed(this.entries, changed),
      nothingChanged: this.entries.length === 0,
    };
  }

  private keep(cart: MemberCart): void {
    this.carts.set(cart.memberId, cart);
    this.changed.add(cart.memberId);
  }
}

const forgottenAtMs = ({ placedAtMs }: CartEntry): number[] =>
  placedAtMs === undefined ? [] : [placedAtMs + KEEP_PLACED_MS];

const shown = (cart: MemberCart | undefined): Pick<CartOutcome, 'cart'> =>
  cart && !cart.isExpired ? { cart: storedCart(cart) } : {};

function answerOf(
  { id, source, memberId }: AskedOfCart,
  decided: CartDecided,
  known: MemberCart | undefined,
  version: number,
): CartOutcome {
  const base = { id, source, memberId, version };
  if (decided.kind === 'refused') {
    const errors = decided.refusals.map(({ code, field = '', detail }) => ({ field, code, detail }));
    return { ...base, result: 'refused', ...shown(known), errors };
  }
  if (decided.kind === 'unchanged') return { ...base, result: 'unchanged', ...shown(known) };
  const { cart, leftOut = [], place } = decided;
  return {
    ...base,
    result: 'applied',
    ...shown(cart),
    ...(leftOut.length > 0 ? { leftOut: toldUnits(leftOut) } : {}),
    ...(place ? { order: toldOrder(cart.orders.at(-1)!) } : {}),
  };
}

function settledAnswer(order: MemberCart['orders'][number], cart: MemberCart): CartOutcome {
  const slash = order.askedBy.indexOf('/');
  const { memberId, version } = cart;
  return {
    id: order.askedBy.slice(slash + 1),
    source: order.askedBy.slice(0, slash),
    memberId,
    version,
    result: 'applied',
    ...shown(cart),
    order: toldOrder(order),
  };
}
