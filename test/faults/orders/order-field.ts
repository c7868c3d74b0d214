import { SeededRandom } from '../../seeded-random.ts';
import { moment, until } from '../awaiting.ts';
import { CommittedState } from '../committed-state.ts';
import type { FaultRig } from '../fault-rig.ts';
import { askUntilAnswered, type FinalAnswer, type LedgerRequest } from '../ledger-requests.ts';
import { oversold } from '../promise-verdict.ts';
import { RunRecord } from '../run-record.ts';
import { CommittedOrders } from './committed-orders.ts';
import { CHANNELS, makeOrder, type PlannedOrder, placesFor } from './made-orders.ts';
import { OrderCustomers } from './order-customers.ts';
import type { OrderResult, OrderVerdict } from './order-result.ts';
import {
  contradictions,
  movingIn,
  oversoldLevels,
  type Snapshot,
  unequalPromises,
  unheldPromises,
  wrongStock,
} from './promise-sums.ts';
import { ShopStock, type Supply } from './shop-stock.ts';
import { shownOrders, wronglyShown } from './shown-orders.ts';
import { StoreStaff } from './store-staff.ts';
import { type Basket, readBaskets } from './till-baskets.ts';

export interface OrderRunOptions {
  readonly orders: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

const VICTIMS = ['orders', 'inventory', 'gateway', 'catalog', 'connect'] as const;
const ORDERS_PER_STEP = 500;
const FEWEST_STEPS = VICTIMS.length;
const PER_REQUEST = 2000;
const REST_LIMIT_MS = 60_000;
const END_LIMIT_MS = 400_000;
/** Of all orders; more than that and a look at the rest says little. */
const MOST_MOVING_SHARE = 0.1;
const ENV = {
  // Whoever never looks at a task costs its customer so long.
  TASK_ACCEPT_WITHIN_MS: '5000',
  // Longer than any run: what waits goes on because stock has come.
  ORDER_RETRY_MS: '3600000',
};
interface RuleInForce {
  readonly version: number;
  readonly filters: readonly object[];
  readonly sorters: readonly object[];
  readonly limits: Readonly<Record<string, readonly string[]>>;
}
const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED']);

/** Customers, stores and services of one run, and what is compared between the orders and the ledger at each step. */
export class OrderField {
  private readonly customers: OrderCustomers;
  private readonly staff: StoreStaff;
  private readonly ledger: CommittedState;
  private readonly committed: CommittedOrders;
  private readonly random: SeededRandom;
  private readonly record = new RunRecord();
  private readonly unequal: string[] = [];
  private readonly unheld: string[] = [];
  private readonly oversoldMeanwhile: string[] = [];
  private steps = 0;
  private kills = 0;
  private readonly rig: FaultRig;
  private readonly options: OrderRunOptions;
  private readonly baskets: readonly Basket[];
  private readonly stock: ShopStock;

  private constructor(rig: FaultRig, options: OrderRunOptions, baskets: readonly Basket[], stock: ShopStock) {
    const { seed, signal } = options;
    this.rig = rig;
    this.options = options;
    this.baskets = baskets;
    this.stock = stock;
    this.random = new SeededRandom(seed);
    this.ledger = new CommittedState(rig.ledger);
    this.committed = new CommittedOrders(rig.database('orders'));
    this.customers = new OrderCustomers(this.ask, signal);
    const { address } = rig.service('gateway');
    this.staff = new StoreStaff({ address, seed, signal, ask: this.ask, tokenOf: (place) => rig.storeToken(place) });
  }

  /** Everything running, the shelves full as on the first morning, and every store at its screen. */
  static async open(rig: FaultRig, options: OrderRunOptions): Promise<OrderField> {
    const baskets = await readBaskets(options.orders);
    const stock = await ShopStock.derivedFrom(baskets);
    await rig.startOrderServices(ENV);
    const field = new OrderField(rig, options, baskets, stock);
    await field.prepare();
    return field;
  }

  private readonly ask = (request: LedgerRequest): Promise<FinalAnswer> =>
    askUntilAnswered(() => this.rig.service('gateway').address, this.rig.token, request, this.options.signal);

  private async prepare(): Promise<void> {
    const { storeIds, skus } = this.stock;
    const places = placesFor(storeIds);
    await this.send('/api/catalog/organisations/bulk', [{ code: 'brand-hq', name: 'The brand', kind: 'brand' }]);
    await this.send('/api/catalog/locations/bulk', places);
    await this.send('/api/catalog/channels/bulk', CHANNELS);
    await this.send(
      '/api/catalog/products/bulk',
      [...skus].map((sku) => ({ sku, name: sku })),
    );
    await this.bringNothing();
    await this.supply(this.stock.opening());
    await until(
      async () => this.stockDiffers(await this.look()).length === 0,
      'the opening stock',
      this.options.signal,
    );
    process.stderr.write(`${skus.size} products; ${places.length} places are connecting\n`);
    await this.staff.open(places.map(({ code }) => code));
  }

  /** What is brought to a store to be collected waits for people who ship transfers, and none work here. */
  private async bringNothing(): Promise<void> {
    const path = '/api/orders/routing/rules';
    const inForce = async () => (await this.ask({ method: 'GET', path: `${path}/in-force` })).body as RuleInForce;
    const { version, filters, sorters, limits } = await inForce();
    if (limits['collectAfterTransferFrom']?.length === 0) return;
    const rule = { filters, sorters, limits: { ...limits, collectAfterTransferFrom: [] } };
    const put = { method: 'PUT', path: `${path}/${version + 1}`, body: JSON.stringify(rule) } as const;
    const { status, body } = await this.ask(put);
    if (status >= 300) throw new Error(`the rule was refused: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    await until(async () => (await inForce()).version > version, 'the rule in force', this.options.signal);
  }

  private supply(supplies: readonly Supply[]): Promise<void> {
    return this.send('/api/inventory/deltas', supplies);
  }

  private async send(path: string, all: readonly object[]): Promise<void> {
    for (let i = 0; i < all.length; i += PER_REQUEST) {
      const body = JSON.stringify(all.slice(i, i + PER_REQUEST));
      const { status, body: answer } = await this.ask({ method: 'POST', path, body });
      const { rejected = [] } = answer as { rejected?: unknown[] };
      if (status >= 300 || rejected.length > 0)
        throw new Error(`${path} was refused: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
    }
  }

  /** Step by step: more stock, more orders, and once all that was asked is answered, a look at both sides. */
  async run(hasKills: boolean): Promise<void> {
    const { storeIds } = this.stock;
    const perStep = Math.ceil(this.baskets.length / Math.max(FEWEST_STEPS, this.baskets.length / ORDERS_PER_STEP));
    for (let from = 0; from < this.baskets.length; from += perStep) {
      const baskets = this.baskets.slice(from, from + perStep);
      const planned = baskets.map((basket) => makeOrder(basket, storeIds, this.options.seed));
      this.staff.resume();
      await Promise.all([
        this.order(baskets[0]!.atMs, planned),
        hasKills ? this.killNext() : undefined,
        this.lookInMotion(),
      ]);
      await this.staff.rest();
      const differs = await this.compare(MOST_MOVING_SHARE);
      this.unequal.push(...differs.map((what) => `step ${this.steps}: ${what}`));
      this.steps++;
      // What is wrong once stays wrong, and its traces are freshest now.
      if (differs.length > 0) return;
      const { taken } = this.customers;
      process.stderr.write(`${taken.size} orders taken, ${this.staff.openTasks().length} tasks open\n`);
    }
    this.staff.resume();
    // All that is still to come: a part of what waits goes on.
    await this.supply(this.stock.deliveriesBefore(Number.POSITIVE_INFINITY));
    if (hasKills && this.steps > FEWEST_STEPS) for (const _ of VICTIMS) await this.killNext();
    await this.customers.untilDecided();
    await until(() => this.isOver(), 'every order at its end or waiting', this.options.signal, END_LIMIT_MS).catch(
      (error: Error) => {
        this.options.signal.throwIfAborted();
        this.record.note(error.message);
      },
    );
    await this.staff.rest();
    this.unequal.push(...(await this.compare(0)).map((what) => `at the end: ${what}`));
  }

  private async order(atMs: number, planned: readonly PlannedOrder[]): Promise<void> {
    await this.supply(this.stock.deliveriesBefore(atMs));
    await this.customers.place(planned);
  }

  private async killNext(): Promise<void> {
    await moment(this.random.between(100, 2000), this.options.signal);
    const victim = this.rig.service(VICTIMS[this.kills++ % VICTIMS.length]!);
    await victim.kill();
    victim.start();
    this.record.count(`kill of ${victim.name}`);
  }

  private async lookInMotion(): Promise<void> {
    const snapshot = await this.look();
    this.unheld.push(...unheldPromises(snapshot));
    this.oversoldMeanwhile.push(...oversoldLevels(snapshot.levels));
  }

  private async look(): Promise<Snapshot> {
    const before = await this.committed.all();
    const reservations = [...(await this.ledger.reservations()).values()];
    const levels = await this.ledger.levels();
    return { before, reservations, levels, after: await this.committed.all() };
  }

  /** What still differs once everything that was asked has had its time. */
  private async compare(mostMovingShare: number): Promise<readonly string[]> {
    let differs: readonly string[] = [];
    const isEqual = async () => {
      const snapshot = await this.look();
      const moving = movingIn(snapshot);
      if (moving.orderIds.size > mostMovingShare * snapshot.after.size) {
        differs = [`${moving.orderIds.size} orders do not come to rest`];
        return false;
      }
      differs = [...unequalPromises(snapshot, moving), ...wrongStock(snapshot, this.stock.received, moving)];
      return differs.length === 0;
    };
    await until(isEqual, 'promises and reservations equal', this.options.signal, REST_LIMIT_MS).catch(() =>
      this.options.signal.throwIfAborted(),
    );
    return differs;
  }

  private stockDiffers(snapshot: Snapshot): string[] {
    return wrongStock(snapshot, this.stock.received, { keys: new Set() });
  }

  private async isOver(): Promise<boolean> {
    if (this.staff.openTasks().length > 0) return false;
    const orders = await this.committed.all();
    return orders.size >= this.customers.taken.size && [...orders.values()].every(({ state }) => isEnd(state));
  }

  async judge(): Promise<Omit<OrderResult, 'scenario' | 'seconds'>> {
    const orders = await this.committed.all();
    const levels = await this.ledger.levels();
    const shown = await shownOrders(this.ask);
    const queue = await shownOrders(this.ask, 'WAITING');
    const all = [...orders.values()];
    const verdict: OrderVerdict = {
      lost: [
        ...[...this.customers.taken].filter((orderId) => !orders.has(orderId)),
        ...all.filter(({ state }) => !isEnd(state)).map(({ orderId, state }) => `${orderId}: ${state}`),
      ],
      unequal: this.unequal,
      unheld: this.unheld,
      contradictions: contradictions(all),
      oversold: [...this.oversoldMeanwhile, ...oversoldLevels(levels), ...oversold(await this.ledger.movements())],
      wrongStock: this.stockDiffers({ before: orders, after: orders, levels, reservations: [] }),
      wronglyShown: [
        ...wronglyShown(orders, shown, queue),
        ...this.staff.shownTasks().map(({ taskId, state }) => `${taskId}: ${state} on a screen, and its order is over`),
      ],
      wrongAnswers: this.customers.wrongAnswers,
    };
    const { record, customers, staff, baskets, options, rig } = this;
    for (const { endsByItself } of rig.services) for (const how of endsByItself) record.note(how);
    for (const [why, times] of Object.entries(staff.tooLate))
      record.note(`${times} steps of stores were refused: ${why}`);
    return {
      seed: options.seed,
      orders: orders.size,
      lines: baskets.reduce((sum, { lines }) => sum + lines.length, 0),
      steps: this.steps,
      faults: record.faults,
      notes: record.notes,
      answers: customers.answers,
      cancelledByCustomers: customers.cancelled.size,
      states: counted(all),
      worked: staff.done,
      tasks: counted(all.flatMap(({ tasks }) => tasks)),
      promisedUnits: all.flatMap(({ holds }) => holds).reduce((sum, { quantity }) => sum + quantity, 0),
      deadLetters: (await this.ledger.deadLetters()) + (await this.committed.deadLetters()),
      verdict,
    };
  }

  close(): void {
    this.staff.close();
  }
}

const isEnd = (state: string): boolean => FINAL.has(state) || state === 'WAITING';

function counted(all: readonly { readonly state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of all) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
