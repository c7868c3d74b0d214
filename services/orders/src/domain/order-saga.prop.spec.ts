import { describe, expect, it } from '@jest/globals';
import type { PlaceOrder, TaskAction } from '@shelfline/contracts/order';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import fc from 'fast-check';
import { cancelling, doing, extending, holding, placing, releasing } from '../testing/order-cases.js';
import { orderFaults } from '../testing/order-faults.js';
import { OrderScene, PLACES, type Units } from '../testing/order-scene.js';
import { decideMessage } from './decide-message.js';
import { fallDue } from './fall-due.js';
import { isClosed, isFinal, type Order } from './order.js';
import { allowedActions } from './task-steps.js';

const skus = ['A', 'B', 'C'] as const;
const seed = 20_260_601;
const BASKET = 'basket-1';
const DAYS = ['2026-06-02T08:00:00.000Z', '2026-07-01T08:00:00.000Z', undefined] as const;

const stock: fc.Arbitrary<Units> = fc.dictionary(
  fc.constantFrom(...skus),
  fc.dictionary(fc.constantFrom(...PLACES), fc.integer({ min: 0, max: 6 })),
);
const placed = (orderId: string) =>
  fc
    .record({
      lines: fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 4 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      wish: fc.constantFrom('split', 'wait_for_all', 'cancel_rest', 'backorder'),
      method: fc.constantFrom('courier', 'same_city', 'pickup', 'guide_visit', 'carry_out'),
    })
    .map(
      ({ lines, wish, method }): PlaceOrder => ({
        ...placing({}, { orderId, wish, method } as Partial<PlaceOrder>),
        lines: lines.map((line, i) => ({ ...line, lineId: `${i + 1}`, unitPriceMinor: 100 })),
      }),
    );
const index = fc.nat(30);
const whose = fc.nat(1);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('command'), index, again: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer'), index, again: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose'), index }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('work'), index, whose, action: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rejectLine'), index, whose, units: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel'), whose }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold'),
      units: fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }),
      number: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('extend', 'release', 'order'), number: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sell', 'receive'), sku: fc.constantFrom(...skus), index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('expect', 'withdraw', 'arrive', 'redate'),
      sku: fc.constantFrom(...skus),
      index,
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'look' as const }, { do: 'rise' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(500, 5000, 30_000, 900_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Orders as chance has it: whatever is done, what is wrong afterwards is named. */
class Chance {
  readonly scene: OrderScene;
  readonly faults: string[] = [];

  constructor(
    units: Units,
    private readonly messages: readonly PlaceOrder[],
  ) {
    this.scene = new OrderScene(units);
    this.lookAtStock();
    this.scene.hear(...messages);
    this.check('placed');
  }

  take(one: Step): void {
    const { scene } = this;
    if (one.do === 'command' && scene.commands.length > 0)
      scene.deliverCommand(one.index % scene.commands.length, one.again);
    if (one.do === 'answer' && scene.answers.length > 0) this.answer(one.index % scene.answers.length, one.again);
    if (one.do === 'lose') this.lose(one.index);
    if (one.do === 'work') this.work(this.orderOf(one.whose), one.index, one.action);
    if (one.do === 'rejectLine') this.rejectLine(this.orderOf(one.whose), one.index, one.units);
    if (one.do === 'cancel') this.hearTwice(cancelling(this.orderOf(one.whose).orderId));
    if (one.do === 'hold') this.hold(one.units, one.number);
    if (one.do === 'extend' && scene.orders.has(BASKET)) scene.hear(extending(60, `extend/${one.number}`, BASKET));
    if (one.do === 'release') this.hearTwice(releasing(BASKET));
    if (one.do === 'order') this.order();
    if (one.do === 'sell') scene.sell(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 3));
    if (one.do === 'receive') scene.ledger.receive(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 3));
    if (one.do === 'expect') scene.expect(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 4));
    if (one.do === 'withdraw') scene.expect(one.sku, PLACES[one.index % PLACES.length]!, -1 - (one.index % 3));
    if (one.do === 'arrive') scene.arrive(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 4));
    if (one.do === 'redate') scene.redate(one.sku, PLACES[one.index % PLACES.length]!, DAYS[one.index % DAYS.length]);
    if (one.do === 'look') this.lookAtStock();
    if (one.do === 'rise') scene.rise();
    if (one.do === 'pass') this.pass(one.ms);
    this.check(JSON.stringify(one));
  }

  /** Whatever is on its way arrives, the clock goes on, and the stores do what they may do next. */
  comeToRest(): Order[] {
    const { scene } = this;
    for (let round = 0; round < 60; round += 1) {
      while (scene.commands.length + scene.answers.length > 0) {
        if (scene.commands.length > 0) scene.deliverCommand();
        else this.answer(0, false);
        this.check('delivered');
      }
      this.lookAtStock();
      for (const order of scene.orders.values()) this.work(order, round, 0);
      this.pass(5000);
    }
    scene.deliverAll();
    this.check('at rest');
    return [...scene.orders.values()];
  }

  /** Tables lag behind the ledger: a plan may want what is not there any more. */
  private lookAtStock(): void {
    const { ledger } = this.scene;
    const seen = new Map<string, number>(
      skus.flatMap((sku) => PLACES.map((place) => [`${sku}@${place}`, ledger.availableOf(sku, place)] as const)),
    );
    this.scene.seen = (sku, place) => seen.get(`${sku}@${place}`) ?? 0;
  }

  /** A basket of a third customer, which is changed, ended by its time, or ordered as its lines then are. */
  private hold(units: readonly number[], number: number): void {
    const lines = skus.flatMap((sku, i) =>
      units[i]! > 0 ? [{ lineId: `line-${sku}`, sku, quantity: units[i]! }] : [],
    );
    const method = units[3]! > 2 ? ('pickup' as const) : ('courier' as const);
    if (lines.length > 0)
      this.scene.hear(
        holding({}, { orderId: BASKET, id: `hold/${number}`, ttlSeconds: 60, method, store: 'shop-1', lines }),
      );
  }
  private order(): void {
    const basket = this.scene.orders.get(BASKET);
    if (!basket?.cart) return;
    const lines = basket.lines.map((line, i) => ({ ...line, quantity: 1 + (i % 3) }));
    this.hearTwice({ ...placing({}, { orderId: BASKET }), lines });
  }

  private orderOf(whose: number): Order {
    return this.scene.getOrder(this.messages[whose % this.messages.length]!.orderId);
  }

  private work(order: Order, index: number, action: number): void {
    const open = order.tasks.filter((task) => !isClosed(task));
    const task = open[index % open.length];
    if (!task) return;
    const { number, location: store } = task;
    const can: TaskAction[] = allowedActions(order.placed.method, task.state);
    this.hearTwice(doing(can[action % can.length]!, { orderId: order.orderId, number, store }));
    if (this.scene.decided.kind === 'unchanged') this.faults.push(`${store} may not ${can[0]}`);
  }

  /** Its repeat is another rejection: the stream knows it by its id. */
  private rejectLine(order: Order, index: number, units: number): void {
    const open = order.tasks.filter((task) => allowedActions(order.placed.method, task.state).includes('reject'));
    const task = open[index % open.length];
    if (!task) return;
    const { number, location: store, lines } = task;
    const { lineId, quantity } = lines[index % lines.length]!;
    const rejected = { lineId, ...(units === 0 ? {} : { quantity: Math.min(units, quantity) }) };
    this.scene.hear(doing('reject', { orderId: order.orderId, number, store, lines: [rejected] }));
    if (this.scene.decided.kind !== 'applied') this.faults.push(`${store} may not reject ${lineId}`);
  }

  private pass(ms: number): void {
    this.scene.pass(ms);
    for (const order of this.scene.orders.values())
      if (fallDue(order, this.scene.context()).kind === 'applied')
        this.faults.push(`${order.orderId} is due again as soon as it was`);
  }

  private answer(at: number, again: boolean): void {
    const message = this.scene.answers[at]!;
    this.scene.deliverAnswer(at, again);
    this.repeat(message);
  }

  /** Only of an answer to reserve: the order asks again, the other answers are brought until they have arrived. */
  private lose(at: number): void {
    const { answers } = this.scene;
    const found = answers[at % Math.max(1, answers.length)];
    if (found?.type === 'reservation_answered' && found.command === 'reserve')
      answers.splice(answers.indexOf(found), 1);
  }

  private hearTwice(message: OrderMessage): void {
    this.scene.hear(message);
    this.repeat(message);
  }

  private repeat(message: OrderMessage): void {
    const again = decideMessage(message, this.scene.orders.get(message.orderId), this.scene.context());
    if (again.kind === 'applied') this.faults.push(`a repeat is obeyed: ${JSON.stringify(message)}`);
  }

  private check(after: string): void {
    const found = orderFaults(this.scene);
    if (found.length > 0) this.faults.push(`after ${after}: ${found.join('; ')}`);
  }
}

const orders = fc.tuple(placed('web-1'), placed('web-2'));
const prop = (numRuns: number) => ({ seed, numRuns });

describe('whatever happens to two orders over one stock', () => {
  it('is promised once, held by the ledger as the order counts it, and changed by no repeat', () => {
    fc.assert(
      fc.property(stock, orders, fc.array(step, { maxLength: 60 }), (units, messages, steps) => {
        const chance = new Chance(units, messages);
        for (const one of steps) chance.take(one);
        expect(chance.faults).toEqual([]);
      }),
      prop(1500),
    );
  });

  it('ends, or stands in the visible queue, once everything has come to rest', () => {
    fc.assert(
      fc.property(stock, orders, fc.array(step, { maxLength: 40 }), (units, messages, steps) => {
        const chance = new Chance(units, messages);
        for (const one of steps) chance.take(one);
        const unfinished = chance.comeToRest().filter((order) => !isFinal(order) && order.state !== 'WAITING');
        expect({ faults: chance.faults, unfinished }).toEqual({ faults: [], unfinished: [] });
      }),
      prop(500),
    );
  });
});
