import type { CreditRequest } from '@shelfline/contracts/credit';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { StockCommand } from '@shelfline/contracts/stock-delta';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import type { Buyer } from '../domain/business/buyer.js';
import { creditRequests } from '../domain/credit/credit-requests.js';
import { decideMessage } from '../domain/decide-message.js';
import type { Decided, OrderContext, Refusal } from '../domain/decision.js';
import { fallDue, stockArrived } from '../domain/fall-due.js';
import { ledgerCommands } from '../domain/ledger-commands.js';
import type { Order } from '../domain/order.js';
import { dueAtMs } from '../domain/order-due.js';
import type { OrderEvent } from '../domain/order-events.js';
import { transferRequests } from '../domain/pickup-transfer/transfer-requests.js';
import { skusWaitedFor } from '../domain/presale/skus-waited-for.js';
import type { Absence } from '../domain/store/absence.js';
import type { PlaceHours } from '../domain/store/open-time.js';
import type { WaitRule } from '../domain/wait-rule.js';
import { messagesOf } from '../ledger-answers.stream.js';
import { FakeLedger } from './fake-ledger.js';
import { NOW_MS, ORDER_ID, TIMES } from './order-cases.js';
import { planByHand } from './plan-by-hand.js';

/** `dc` is a warehouse, which need not accept; stores are asked in this order. */
export const PLACES = ['shop-1', 'shop-2', 'dc'] as const;
export type Units = Readonly<Record<string, Readonly<Partial<Record<(typeof PLACES)[number], number>>>>>;

/** Orders over one ledger. What goes between them is on its way until it is delivered, in any order, twice or late. */
export class OrderScene {
  readonly ledger: FakeLedger;
  readonly orders = new Map<string, Order>();
  readonly commands: StockCommand[] = [];
  readonly answers: OrderMessage[] = [];
  /** What orders ask of transfers. */
  readonly requests: TransferMessage[] = [];
  nowMs = NOW_MS;
  decided: Decided = { kind: 'unchanged' };
  /** What plans are made of; the ledger's own figures unless told. */
  seen: (sku: string, location: string) => number;
  terms = TIMES.store;
  plan: OrderContext['route'] = planByHand(PLACES, (sku, location) => this.seen(sku, location));
  sellsAhead = true;
  givesCredit = true;
  buyers: Readonly<Record<string, Buyer>> = {};
  /** On their way to whoever gives credit; answered by hand. */
  readonly creditRequests: CreditRequest[] = [];
  readonly absences: Absence[] = [];
  hours: Readonly<Record<string, PlaceHours>> = {};
  waitRules: readonly WaitRule[] = [];
  /** When somebody counted it, by `sku@place`. */
  readonly countedAtMs = new Map<string, number>();
  private version = 0;

  constructor(units: Units = {}) {
    this.ledger = new FakeLedger(units as Readonly<Record<string, Readonly<Record<string, number>>>>);
    this.seen = (sku, location) => this.ledger.availableOf(sku, location);
  }

  get order(): Order {
    return this.getOrder(ORDER_ID);
  }
  getOrder(orderId: string): Order {
    const order = this.orders.get(orderId);
    if (!order) throw new Error(`no order ${orderId}; ${JSON.stringify(this.decided)}`);
    return order;
  }
  get events(): readonly OrderEvent[] {
    return this.decided.kind === 'applied' ? this.decided.events : [];
  }
  get eventTypes(): string[] {
    return this.events.map(({ type }) => type);
  }
  get refusals(): readonly Refusal[] {
    return this.decided.kind === 'refused' ? this.decided.refusals : [];
  }

  context(): OrderContext {
    return {
      ...TIMES,
      store: this.terms,
      absences: this.absences,
      atMs: this.nowMs,
      version: ++this.version,
      route: this.plan,
      findChannel: (code) => (code === 'web' ? { active: true } : code === 'shut' ? { active: false } : undefined),
      findLocation: (code) =>
        (PLACES as readonly string[]).includes(code)
          ? {
              active: true,
              mustAccept: code !== 'dc',
              type: code === 'dc' ? 'warehouse' : 'store',
              ...this.hours[code],
            }
          : code === 'closed'
            ? { active: false, mustAccept: true }
            : undefined,
      findArriving: (_, sku) => {
        const places = PLACES.map((location) => ({ location, units: this.ledger.arrivingOf(sku, location) }));
        return this.sellsAhead ? { places: places.filter(({ units }) => units > 0), handlingDays: 2 } : undefined;
      },
      findStock: (sku, location) => {
        const countedAtMs = this.countedAtMs.get(`${sku}@${location}`);
        const onHand = this.ledger.onHandOf(sku, location);
        return { onHand, ...(countedAtMs === undefined ? {} : { countedAtMs }) };
      },
      waitRules: this.waitRules,
      findBuyer: (code) => this.buyers[code],
      givesCredit: this.givesCredit,
      knowsSku: (sku) => sku.length === 1,
    };
  }

  /** Decides, and leaves on its way what comes of it. */
  hear(...messages: readonly OrderMessage[]): this {
    for (const message of messages)
      this.keep(message.orderId, decideMessage(message, this.orders.get(message.orderId), this.context()));
    return this;
  }

  /** Decides, and waits until all that comes of it has arrived. */
  when(...messages: readonly OrderMessage[]): this {
    for (const message of messages) {
      this.hear(message);
      const { decided } = this;
      this.deliverAll();
      this.decided = decided;
    }
    return this;
  }

  /** Time passes in the order's partition, and what is due is done. */
  pass(ms: number): this {
    this.nowMs += ms;
    this.ledger.expire(this.nowMs);
    for (const order of this.orders.values()) {
      const dueMs = dueAtMs(order, TIMES.askAgainAfterMs);
      if (dueMs !== undefined && dueMs <= this.nowMs) this.keep(order.orderId, fallDue(order, this.context()));
    }
    return this;
  }
  after(ms: number): this {
    this.pass(ms);
    const { decided } = this;
    this.deliverAll();
    this.decided = decided;
    return this;
  }

  /** Orders are told that more of what they wait for can be had, as far as plans can see. */
  rise(): this {
    for (const order of this.orders.values())
      if (skusWaitedFor(order).length > 0) this.keep(order.orderId, stockArrived(order, this.context()));
    return this;
  }

  sell(sku: string, location: string, quantity: number): this {
    const notice = this.ledger.sell(sku, location, quantity);
    if (notice) this.answers.push(...messagesOf(notice, notice.id));
    return this;
  }

  /** Negative: so many are not expected any more. */
  expect(sku: string, location: string, quantity: number): this {
    const notice = this.ledger.expect(sku, location, quantity);
    if (notice) this.answers.push(...messagesOf(notice, notice.id));
    return this;
  }
  redate(sku: string, location: string, expectedAt?: string): this {
    const notice = this.ledger.redate(sku, location, expectedAt);
    if (notice) this.answers.push(...messagesOf(notice, notice.id));
    return this;
  }
  arrive(sku: string, location: string, quantity: number): this {
    const notice = this.ledger.arrive(sku, location, quantity);
    if (notice) this.answers.push(...messagesOf(notice, notice.id));
    return this;
  }

  /** `again`: it stays on its way, and comes once more. */
  deliverCommand(index = 0, again = false): void {
    const command = this.commands[index]!;
    if (!again) this.commands.splice(index, 1);
    const outcome: StockOutcome = this.ledger.handle(command, this.nowMs);
    this.answers.push(...messagesOf(outcome, ''));
  }
  deliverAnswer(index = 0, again = false): void {
    const answer = this.answers[index]!;
    if (!again) this.answers.splice(index, 1);
    this.hear(answer);
  }
  deliverAll(): this {
    while (this.commands.length + this.answers.length > 0)
      if (this.commands.length > 0) this.deliverCommand();
      else this.deliverAnswer();
    return this;
  }

  private keep(orderId: string, decided: Decided): void {
    this.decided = decided;
    if (decided.kind !== 'applied') return;
    this.orders.set(orderId, decided.order);
    this.commands.push(...ledgerCommands(decided.order, decided.events));
    this.requests.push(...transferRequests(decided.order, decided.events));
    this.creditRequests.push(...creditRequests(decided.order, decided.events));
  }
}

/** Given that this is in stock, and that these messages came and were answered. */
export const given = (units: Units, ...messages: readonly OrderMessage[]): OrderScene =>
  new OrderScene(units).when(...messages);
