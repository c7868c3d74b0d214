import { Controller, Inject } from '@nestjs/common';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision, OutputRecord } from '@shelfline/streaming/stream';
import { Absences } from './absences.js';
import { askersOf } from './domain/askers.js';
import { creditRequests } from './domain/credit/credit-requests.js';
import { decideMessage } from './domain/decide-message.js';
import type { Decided, OrderContext } from './domain/decision.js';
import { fallDue, stockArrived } from './domain/fall-due.js';
import { ledgerCommands } from './domain/ledger-commands.js';
import type { Order } from './domain/order.js';
import { dueAtMs } from './domain/order-due.js';
import type { OrderEvent } from './domain/order-events.js';
import { parcelRequests } from './domain/parcels/parcel-requests.js';
import { transferRequests } from './domain/pickup-transfer/transfer-requests.js';
import { looksElsewhere } from './domain/presale/backorder-state.js';
import { returnEffects } from './domain/returns/return-effects.js';
import { taskIdOf } from './domain/work-task.js';
import type { OrderEntry, Routing } from './order-entry.js';
import { entryOutputs, taskOutput, toldEvents } from './order-outputs.js';
import { standingOf } from './order-standing.js';
import { OrderSurroundings } from './order-surroundings.js';
import { NO_WRITES, OrdersRepository, type OrderWrites } from './orders.repository.js';
import { ORDERS_DUE } from './orders-intake.stream.js';
import { OrdersMetrics } from './orders-metrics.js';
import { RecentOrders } from './recent-orders.js';
import { RisenStock } from './risen-stock.js';
import { OrderTracking } from './tracking/order-tracking.js';

/** So many time-outs are worked off with one tick; the rest with the next, half a second later. */
const MOST_DUE = 200;

/**
 * Topic `orders.intake`, key orderId, in order per order. A repeated record is answered again and changes nothing; a
 * batch that fails is begun again from what is committed. Time-outs are decided when a tick is read: its append time is
 * the time it is.
 */
@Controller()
export class OrdersIntakeHandler {
  constructor(
    private readonly repository: OrdersRepository,
    private readonly surroundings: OrderSurroundings,
    private readonly risen: RisenStock,
    private readonly metrics: OrdersMetrics,
    private readonly tracking: OrderTracking,
    private readonly absences: Absences,
    private readonly recent: RecentOrders,
    @Inject(ORDERS_DUE) private readonly due: EarliestDue,
  ) {}

  @HandlesBatch(TOPICS.orderIntake)
  async handleBatch(batch: Batch<OrderMessage>): Promise<Decision<OrderWrites>> {
    this.metrics.seen(batch.partition);
    // Whatever was decided before and has not been committed by now never will be.
    this.surroundings.giveBack(batch.partition);
    const ticks = batch.items.filter(({ kind }) => kind === 'tick');
    await this.absences.see(
      batch.partition,
      ticks.map(({ record }) => record.timestampMs),
    );
    const work = await this.load(batch);
    for (const item of batch.items) {
      const { offset, timestampMs: atMs } = item.record;
      const context = this.surroundings.at({ atMs, version: versionOf(batch.generation, offset) });
      if (item.kind === 'message') await this.decide(work, item, context);
      else work.passTime(offset, { ...context, absences: this.absences.of(batch.partition) });
    }
    return work.decision((changed, duesMs) => {
      this.surroundings.committed(batch.partition);
      if (ticks.length > 0) this.risen.committed(batch.partition);
      this.recent.committed(batch.partition, changed);
      this.due.committed(batch.partition, duesMs);
      this.metrics.decided(work.entries);
    });
  }

  private async decide(work: OrderWork, item: Arrived, context: OrderContext): Promise<void> {
    if (work.decide(item, context)) return;
    const { orderId } = item.message;
    work.lookedUp(orderId, (await this.repository.findOrders([orderId])).get(orderId));
    work.decide(item, context);
  }

  private async load({ items, partition }: Batch<OrderMessage>): Promise<OrderWork> {
    const ids = new Set(items.flatMap((item) => (item.kind === 'message' ? [item.message.orderId] : [])));
    const tick = items.findLast(({ kind }) => kind === 'tick');
    const skus = tick ? this.risen.take(partition) : [];
    const orders = this.recent.of(partition, ids);
    const placed = firstPlaced(items).filter((id) => !orders.has(id));
    const presumed = this.recent.presumedNew(partition, placed);
    const [stored, due, waiting] = await Promise.all([
      this.repository.findOrders([...ids].filter((id) => !orders.has(id) && !presumed.has(id))),
      tick ? this.due.find(this.repository, { partition, nowMs: tick.record.timestampMs, limit: MOST_DUE }) : [],
      this.repository.findWaiting(partition, skus, MOST_DUE),
    ]);
    for (const [id, order] of stored) orders.set(id, order);
    for (const order of due) if (!orders.has(order.orderId)) orders.set(order.orderId, order);
    for (const order of waiting) if (!orders.has(order.orderId)) orders.set(order.orderId, order);
    const hopeful = new Set(waiting.map(({ orderId }) => orderId));
    const heed = (order: Order) => this.surroundings.heed(partition, order);
    return new OrderWork(partition, { orders, presumed: new Set(presumed), hopeful }, this.tracking, heed);
  }
}

type Arrived = Extract<Batch<OrderMessage>['items'][number], { kind: 'message' }>;

/** Orders whose first message of the batch places them. */
function firstPlaced(items: Batch<OrderMessage>['items']): string[] {
  const first = new Map<string, OrderMessage['type']>();
  for (const item of items) {
    if (item.kind !== 'message') continue;
    const { orderId, type } = item.message;
    if (!first.has(orderId)) first.set(orderId, type);
  }
  return [...first].flatMap(([orderId, type]) => (type === 'place' ? [orderId] : []));
}

interface Loaded {
  readonly orders: Map<string, Order>;
  /** Taken for new, without having been looked up. */
  readonly presumed: Set<string>;
  /** Orders of which some of what they wait for has arrived. */
  readonly hopeful: Set<string>;
}

/** The orders of one batch, each as the decisions so far have made it. */
class OrderWork {
  readonly entries: OrderEntry[] = [];
  /** When time changes each of them next. */
  private readonly changed = new Map<string, number | undefined>();
  private readonly before: Map<string, Order>;
  private readonly orders: Map<string, Order>;

  constructor(
    private readonly partition: number,
    private readonly loaded: Loaded,
    private readonly tracking: OrderTracking,
    /** Each order as it is decided: the next one is planned with what it takes. */
    private readonly heed: (order: Order) => void,
  ) {
    this.orders = loaded.orders;
    this.before = new Map(loaded.orders);
  }

  /** An order that was presumed to be new is there after all, or is not. */
  lookedUp(orderId: string, order: Order | undefined): void {
    this.loaded.presumed.delete(orderId);
    if (!order) return;
    this.orders.set(orderId, order);
    this.before.set(orderId, order);
  }

  /**
   * False, and nothing done, where an order would be refused that was presumed to be new: then nothing is inserted that
   * could tell whether it is, and why it is refused may depend on it.
   */
  decide({ id, contentHash, message, record }: Arrived, context: OrderContext): boolean {
    const known = this.orders.get(message.orderId);
    const decided = decideMessage(message, known, context);
    if (decided.kind !== 'applied' && !known && this.loaded.presumed.has(message.orderId)) return false;
    const answer = isAsked(message) ? { answer: answerOf(message, decided, known, context.version) } : {};
    const outcome = decided.kind;
    const { atMs, version } = context;
    const base = { _id: id, contentHash, partition: this.partition, offset: record.offset, atMs, version, outcome };
    this.keep({ ...base, orderId: message.orderId, told: [], commands: [], ...answer }, decided, known, context);
    return true;
  }

  passTime(offset: number, context: OrderContext): void {
    for (const order of this.orders.values()) {
      const isWaiting = order.retryAtMs !== undefined || looksElsewhere(order);
      const isHopeful = this.loaded.hopeful.delete(order.orderId) && isWaiting;
      const dueMs = dueAtMs(order, context.askAgainAfterMs) ?? Number.POSITIVE_INFINITY;
      if (!isHopeful && dueMs > context.atMs) continue;
      const decided = dueMs > context.atMs ? stockArrived(order, context) : fallDue(order, context);
      if (decided.kind !== 'applied') continue;
      const { orderId } = order;
      // Sources hold no control characters, so no message can have this id.
      const base = {
        _id: `\u0001due/${orderId}/${context.version}`,
        contentHash: '',
        partition: this.partition,
        offset,
        atMs: context.atMs,
        version: context.version,
      };
      this.keep({ ...base, outcome: 'due', orderId, told: [], commands: [] }, decided, order, context);
    }
  }

  decision(
    committed: (changed: readonly Order[], duesMs: Iterable<number | undefined>) => void,
  ): Decision<OrderWrites> {
    const orders = [...this.changed.keys()].map((id) => this.orders.get(id)!);
    if (this.entries.length === 0 && orders.length === 0)
      return { entries: [], writes: NO_WRITES, outputs: [], committed: () => committed([], []), nothingChanged: true };
    return {
      entries: this.entries,
      writes: {
        orders: orders.map((order) => ({ partition: this.partition, order, isNew: !this.before.has(order.orderId) })),
      },
      outputs: [
        ...this.entries.flatMap(entryOutputs),
        ...orders.flatMap((order) => this.changedTasks(order)),
        ...orders.flatMap((order) => this.tracking.changesOf(this.before.get(order.orderId), order)),
      ],
      committed: () => committed(orders, this.changed.values()),
      nothingChanged: false,
    };
  }

  private keep(
    entry: OrderEntry,
    decided: Decided,
    before: Order | undefined,
    { askAgainAfterMs }: OrderContext,
  ): void {
    if (decided.kind !== 'applied') {
      this.entries.push(entry);
      return;
    }
    const { order, events } = decided;
    this.orders.set(order.orderId, order);
    this.changed.set(order.orderId, dueAtMs(order, askAgainAfterMs));
    this.heed(order);
    const routings = routingsOf(order, events);
    const told = toldEvents(order, events, before?.state === 'WAITING', entry.atMs);
    const commands = ledgerCommands(order, events);
    const [settled, ...settledToo] = settledAnswers(order, before);
    const credit = creditRequests(order, events);
    const returns = returnEffects(order, events);
    const transfers = transferRequests(order, events);
    const parcels = parcelRequests(order, events);
    // An order that goes on waiting is looked at for months, and entries are kept for ever.
    if (events.every(isLook) && entry.outcome === 'due' && told.length === 0 && !settled) return;
    this.entries.push({
      ...entry,
      told,
      commands,
      ...(credit.length > 0 ? { credit } : {}),
      ...(returns ? { returns } : {}),
      ...(transfers.length > 0 ? { transfers } : {}),
      ...(parcels.length > 0 ? { parcels } : {}),
      ...(settled ? { settled } : {}),
      ...(settledToo.length > 0 ? { settledToo } : {}),
      ...(routings.length > 0 ? { routings } : {}),
    });
  }

  private changedTasks(order: Order): OutputRecord[] {
    const before = new Map(this.before.get(order.orderId)?.tasks.map(({ number, version }) => [number, version]));
    return order.tasks
      .filter(({ number, version }) => before.get(number) !== version)
      .map((task) => taskOutput(order, task));
  }
}

/** It was looked for it in vain. */
const isLook = (event: OrderEvent): boolean =>
  event.type === 'waiting' || (event.type === 'looked_elsewhere' && !event.why);

const routingsOf = ({ version }: Order, events: readonly OrderEvent[]): Routing[] =>
  events.flatMap((event) => {
    const isRouting = event.type === 'planned' || event.type === 'unplaced' || event.type === 'looked_elsewhere';
    return isRouting && event.why ? [{ version, why: event.why }] : [];
  });

/** Answers: nobody waits for what they lead to. */
const ANSWERS = [
  'reservation_answered',
  'reservation_endangered',
  'goods_arrived',
  'delivery_fell_short',
  'delivery_moved',
  'credit_answered',
  'transfer_arrived',
  'transfer_told',
] as const satisfies readonly OrderMessage['type'][];
type Told = Extract<OrderMessage, { type: (typeof ANSWERS)[number] }>;
type Asked = Exclude<OrderMessage, Told>;
const isAsked = (message: OrderMessage): message is Asked => !(ANSWERS as readonly string[]).includes(message.type);

function answerOf(message: Asked, decided: Decided, known: Order | undefined, version: number): OrderOutcome {
  const { id, source, orderId } = message;
  const base = { id, source, orderId, version };
  const isForeign = message.type === 'place' && decided.kind === 'refused';
  const order = decided.kind === 'applied' ? decided.order : isForeign ? undefined : known;
  const state = order ? { state: order.state } : {};
  const task = message.type === 'task' ? taskAnswer(message, order) : {};
  const refusals = decided.kind === 'unchanged' ? undefined : decided.refusals;
  // Of a basket that becomes an order, and where nothing is there to be asked for, the first answer is the last one.
  const stands = message.type === 'place' && order?.isDecided ? standingOf(order) : {};
  if (!refusals)
    return { ...base, result: decided.kind === 'unchanged' ? 'unchanged' : 'applied', ...state, ...stands, ...task };
  const errors = refusals.map(({ code, field = '', detail }) => ({ field, code, detail }));
  const allowed = refusals.find((refusal) => refusal.allowed)?.allowed;
  return { ...base, result: 'refused', ...state, ...task, errors, ...(allowed ? { allowed: [...allowed] } : {}) };
}

function taskAnswer(
  { taskId, action, store }: Extract<OrderMessage, { type: 'task' }>,
  order: Order | undefined,
): Pick<OrderOutcome, 'taskId' | 'action' | 'taskState'> {
  const task = order?.tasks.find(({ number }) => taskIdOf(order.orderId, number) === taskId);
  return task?.location === store ? { taskId, action, taskState: task.state } : { taskId, action };
}

/**
 * Whoever placed the order is told a second time, once it is known what became of it: that is what he waits for. His
 * first answer says only that it was taken; what becomes of it later he sees by looking.
 */
function settledAnswers(order: Order, before: Order | undefined): OrderOutcome[] {
  const { orderId, state, version, isDecided } = order;
  if (!before || before.isDecided || !isDecided) return [];
  const said = { result: 'applied' as const, state, ...standingOf(order), version };
  return askersOf(order).map(({ askedBy, askedVersion }): OrderOutcome => {
    const slash = askedBy.indexOf('/');
    const asked = askedVersion === undefined ? {} : { askedVersion };
    return { id: askedBy.slice(slash + 1), source: askedBy.slice(0, slash), orderId, ...said, ...asked };
  });
}
