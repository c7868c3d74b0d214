import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CartMessage } from '@shelfline/contracts/cart';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { versionOf } from '@shelfline/contracts/stock-level';
import { Metrics } from '@shelfline/service-kit/metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Decision, OutputRecord, PartitionStore } from '@shelfline/streaming/stream';
import { expiresAtMs, type MemberCart } from '../domain/carts/cart.js';
import type { PromisableStock } from '../promisable-stock.js';
import { contentHashOf } from '../read-message.js';
import { adding, becoming, DAY_MS, MEMBER, ordering, putting } from '../testing/cart-cases.js';
import { NOW_MS } from '../testing/order-cases.js';
import { type CartEntry, cartAnswer } from './cart-outputs.js';
import { CartTimes } from './cart-times.js';
import type { CartsRepository, CartWrites } from './carts.repository.js';
import { CartsIntakeHandler } from './carts-intake.handler.js';
import { cartsStream } from './carts-intake.stream.js';
import { CartsMetrics } from './carts-metrics.js';

const PARTITION = 3;
const RECORD = { topic: 'orders.cart-intake', partition: PARTITION, key: null, value: null, headers: {} };

/** Batches over carts in memory, committed at once. */
class Intake {
  readonly metrics = new Metrics('orders');
  readonly carts = new Map<string, MemberCart>();
  nowMs = NOW_MS;
  decision!: Decision<CartWrites>;
  private offset = 0;
  readonly forgotten: (readonly [partition: number, untilMs: number])[] = [];
  private placedMs: number[] = [];
  readonly due = new EarliestDue();
  readonly repository = {
    findCarts: (ids: readonly string[]) => Promise.resolve(new Map([...this.carts].filter(([id]) => ids.includes(id)))),
    findEarliestExpiryMs: () =>
      Promise.resolve([...this.carts.values()].flatMap((cart) => expiresAtMs(cart) ?? []).toSorted((a, b) => a - b)[0]),
    findEarliestPlacedMs: () => Promise.resolve(this.placedMs.toSorted((a, b) => a - b)[0]),
    findExpired: (_partition: number, nowMs: number) =>
      Promise.resolve([...this.carts.values()].filter((cart) => (expiresAtMs(cart) ?? nowMs + 1) <= nowMs)),
    forgetPlaced: (partition: number, untilMs: number) => {
      this.forgotten.push([partition, untilMs]);
      this.placedMs = this.placedMs.filter((placedMs) => placedMs > untilMs);
      return Promise.resolve();
    },
  };
  private readonly handler = new CartsIntakeHandler(
    this.repository as unknown as CartsRepository,
    { findChannel: () => ({ active: true }), sells: (sku: string) => sku !== 'NOPE' } as unknown as PromisableStock,
    new CartTimes(90 * DAY_MS),
    new CartsMetrics(this.metrics),
    this.due,
  );
  readonly stream = cartsStream({
    repository: this.repository,
    store: {} as PartitionStore<CartWrites>,
    groupId: 'carts',
    due: this.due,
  });

  get entries(): readonly CartEntry[] {
    return this.decision.entries as readonly CartEntry[];
  }
  sent(topic: string): OutputRecord[] {
    return this.decision.outputs.filter((output) => output.topic.name === topic);
  }
  async batch(...items: (CartMessage | 'tick')[]): Promise<this> {
    this.decision = await this.handler.handleBatch({
      partition: PARTITION,
      partitions: 8,
      generation: 1,
      items: items.map((message) => {
        const record = { ...RECORD, offset: this.offset++, timestampMs: this.nowMs };
        if (message === 'tick') return { kind: 'tick', record };
        const id = `${message.source}/${message.id}`;
        return { kind: 'message', id, contentHash: contentHashOf(message), message, record };
      }),
    });
    for (const { cart } of this.decision.writes) this.carts.set(cart.memberId, cart);
    this.placedMs.push(...this.entries.flatMap(({ placedAtMs }) => placedAtMs ?? []));
    this.decision.committed();
    return this;
  }
}

describe('a batch of orders.cart-intake', () => {
  let intake: Intake;
  beforeEach(() => {
    intake = new Intake();
  });

  it('writes each cart once and tells its newest state, with its version, beside an answer to each', async () => {
    await intake.batch(adding({ A: 1 }), adding({ B: 2 }, { id: 'second' }));
    expect(intake.decision.writes).toHaveLength(1);
    const version = versionOf(1, 1);
    expect(intake.sent('orders.carts')).toMatchObject([
      {
        key: MEMBER,
        headers: { 'sl-version': String(version) },
        value: { lines: [{ sku: 'A' }, { sku: 'B' }], version },
      },
    ]);
    expect(intake.sent('orders.cart-outcomes').map(({ value }) => value)).toMatchObject([
      { id: 'cart_change', result: 'applied', cart: { lines: [{ sku: 'A' }] } },
      { id: 'second', result: 'applied', cart: { lines: [{ sku: 'A' }, { sku: 'B' }] } },
    ]);
  });

  it('refuses with the cart as it is, so that a screen can go on from there', async () => {
    await intake.batch(putting({ A: 1 }));
    await intake.batch(putting({ B: 1 }, { id: 'late', expectedVersion: 7 }));
    expect(intake.decision.writes).toEqual([]);
    expect(intake.sent('orders.cart-outcomes').map(({ value }) => value)).toMatchObject([
      { result: 'refused', errors: [{ code: 'other_version' }], cart: { lines: [{ sku: 'A', quantity: 1 }] } },
    ]);
  });

  it('asks for the order in its own partition, and answers whoever ordered once more when it is known', async () => {
    await intake.batch(adding({ A: 2 }), ordering({ A: 2 }));
    const [place] = intake.sent('orders.intake');
    expect(place).toMatchObject({ key: 'o-1', partition: { by: 'o-1' }, value: { type: 'place', source: 'carts' } });
    await intake.batch(becoming((place!.value as { id: string }).id));
    expect(intake.sent('orders.cart-outcomes').map(({ value }) => value)).toMatchObject([
      { id: 'order/o-1', source: 'test', result: 'applied', order: { orderId: 'o-1', result: 'ordered' } },
    ]);
    expect(intake.sent('orders.intake')).toEqual([]);
  });

  it('sends after a crash what was committed and perhaps never sent, the order among it', async () => {
    await intake.batch(adding({ A: 2 }), ordering({ A: 2 }));
    const sent = (outputs: readonly OutputRecord[]) =>
      outputs.map(({ topic, key }) => `${topic.name} ${key}`).toSorted();
    const again = await intake.stream.republish(intake.entries, PARTITION, { sinceVersion: 0, toldAtMs: () => 0 });
    expect(sent(again)).toEqual(sent(intake.decision.outputs));
    expect(intake.stream.resend(intake.entries[1]!)).toMatchObject([{ value: { order: { result: 'under_way' } } }]);
  });

  it('forgets with each tick where the customers live whose carts ordered a day ago', async () => {
    await intake.batch(adding({ A: 2 }), ordering({ A: 2 }));
    expect(intake.entries.map(({ placedAtMs }) => placedAtMs)).toEqual([undefined, NOW_MS]);
    expect(intake.forgotten).toEqual([]);
    intake.nowMs += DAY_MS;
    await intake.batch('tick');
    expect(intake.forgotten).toEqual([[PARTITION, NOW_MS]]);
    await intake.batch('tick');
    expect(intake.forgotten).toHaveLength(1);
  });

  it('empties what nobody touched for so long with a tick, once, and takes it off the topic', async () => {
    await intake.batch(adding({ A: 1 }));
    intake.nowMs += 90 * DAY_MS - 1;
    expect((await intake.batch('tick')).decision.nothingChanged).toBe(true);
    intake.nowMs += 1;
    await intake.batch('tick');
    expect(intake.sent('orders.carts')).toMatchObject([{ key: MEMBER, value: null }]);
    expect((await intake.batch('tick')).decision.nothingChanged).toBe(true);
    // A former owner's late record of the cart would else bring it back.
    const [watched] = intake.stream.watched!;
    expect(await watched!.committed([MEMBER], PARTITION, 0)).toMatchObject([{ key: MEMBER, output: { value: null } }]);
    expect(await intake.metrics.registry.metrics()).toContain(
      'cart_decisions_total{outcome="expired",service="orders"} 1',
    );
  });
});

describe('what orders answer to a cart', () => {
  const outcome = (more: Partial<OrderOutcome>): OrderOutcome => ({
    id: `cart/${MEMBER}/9`,
    source: 'carts',
    orderId: 'o-1',
    result: 'applied',
    state: 'ROUTED',
    version: 4,
    ...more,
  });

  it('is brought to the member’s partition once it says what became of it', () => {
    expect(cartAnswer(outcome({}))).toMatchObject([
      {
        key: MEMBER,
        partition: { by: MEMBER },
        value: { type: 'cart_order_answered', messageId: `cart/${MEMBER}/9`, state: 'ROUTED' },
      },
    ]);
    expect(cartAnswer(outcome({ result: 'refused', errors: [] }))).toHaveLength(1);
    expect(cartAnswer(outcome({ state: 'RESERVING' }))).toEqual([]);
  });

  it('is nothing where no cart asked', () => {
    expect([cartAnswer(outcome({ source: 'orders-api' })), cartAnswer(outcome({ id: 'cart' }))]).toEqual([[], []]);
  });
});
