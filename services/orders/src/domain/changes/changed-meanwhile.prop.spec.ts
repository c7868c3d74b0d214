import { expect, it } from '@jest/globals';
import type { PlaceOrder } from '@shelfline/contracts/order';
import fc from 'fast-check';
import { changing } from '../../testing/changing.js';
import { cancelling, doing, ORDER_ID, placing } from '../../testing/order-cases.js';
import { orderFaults } from '../../testing/order-faults.js';
import { OrderScene, PLACES, type Units } from '../../testing/order-scene.js';
import { decideMessage } from '../decide-message.js';
import { isClosed, isFinal, unitsOf } from '../order.js';
import { allowedActions } from '../task-steps.js';

const skus = ['A', 'B'] as const;
const units = fc.integer({ min: 0, max: 5 });
const places = fc.record({ 'shop-1': units, 'shop-2': units, dc: units });
const stock: fc.Arbitrary<Units> = fc.record({ A: places, B: places });
const start = fc.record({
  units: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  wish: fc.constantFrom('split' as const, 'wait_for_all' as const, 'cancel_rest' as const),
  method: fc.constantFrom('courier' as const, 'pickup' as const),
});
const index = fc.nat(20);
/** Most changes come when the ledger has answered: what is only asked is a case by itself. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: 'rest' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('lines' as const),
      A: fc.option(fc.nat(6), { nil: undefined }),
      B: fc.option(fc.nat(6), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('way' as const),
      method: fc.constantFrom('courier' as const, 'pickup' as const),
      store: fc.constantFrom(...PLACES),
      region: fc.constantFrom('north', 'south'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('command' as const), index, again: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), index, again: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), index, action: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sell' as const), sku: fc.constantFrom(...skus), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('receive' as const), sku: fc.constantFrom(...skus), index }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(500, 5000, 30_000, 900_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** One order that its customer changes again and again while the ledger answers and the stores work. */
class Changing {
  readonly scene: OrderScene;
  readonly faults: string[] = [];
  private changes = 0;

  constructor(units: Units, placed: PlaceOrder) {
    this.scene = new OrderScene(units);
    const everywhere = this.scene.plan;
    // What is brought to its store goes by transfers, which have a scene of their own.
    this.scene.plan = ({ refusedBy, ...order }, wanted) => {
      const { method, store } = order.placed;
      const elsewhere = method === 'pickup' ? PLACES.filter((place) => place !== store) : [];
      return everywhere({ ...order, refusedBy: [...refusedBy, ...elsewhere] }, wanted);
    };
    this.scene.hear(placed);
    this.check('placed');
  }

  take(one: Step): void {
    const { scene } = this;
    const gone = this.goneUnits();
    if (one.do === 'lines') this.changeLines(one);
    if (one.do === 'way') {
      const { method, store, region } = one;
      scene.hear(changing({}, { id: `c${++this.changes}`, method, store, destination: { region } }));
    }
    if (one.do === 'command' && scene.commands.length > 0)
      scene.deliverCommand(one.index % scene.commands.length, one.again);
    if (one.do === 'answer' && scene.answers.length > 0)
      scene.deliverAnswer(one.index % scene.answers.length, one.again);
    if (one.do === 'work') this.work(one.index, one.action);
    if (one.do === 'cancel') scene.hear(cancelling());
    if (one.do === 'sell') scene.sell(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 2));
    if (one.do === 'receive') scene.ledger.receive(one.sku, PLACES[one.index % PLACES.length]!, 1 + (one.index % 3));
    if (one.do === 'rest') scene.deliverAll();
    if (one.do === 'pass') scene.pass(one.ms);
    for (const [lineId, units] of gone)
      if ((this.goneUnits().get(lineId) ?? 0) < units)
        this.faults.push(`${lineId}: what was fulfilled is not any more`);
    this.check(JSON.stringify(one));
  }

  /** Whatever is on its way arrives, the clock goes on, and the stores do what they may do next. */
  comeToRest(): void {
    for (let round = 0; round < 40; round += 1) {
      this.scene.deliverAll();
      this.check('delivered');
      this.work(round, 0);
      this.scene.pass(5000);
    }
    this.scene.deliverAll();
    this.check('at rest');
    const { order } = this.scene;
    if (!isFinal(order) && order.state !== 'WAITING') this.faults.push(`it is ${order.state} for ever`);
  }

  private changeLines({ A, B }: Extract<Step, { do: 'lines' }>): void {
    const quantities = { ...(A === undefined ? {} : { A }), ...(B === undefined ? {} : { B }) };
    if (Object.keys(quantities).length === 0) return;
    const before = this.scene.order;
    const message = changing(quantities, { id: `c${++this.changes}` });
    this.scene.hear(message);
    if (this.scene.decided.kind === 'refused' && this.scene.order !== before) this.faults.push('refused, and changed');
    const again = decideMessage(message, this.scene.order, this.scene.context());
    // By the customer's wish what turned out to be short is cancelled at once, and may be asked for again.
    if (this.scene.decided.kind === 'applied' && again.kind === 'applied' && before.placed.wish !== 'cancel_rest')
      this.faults.push(`a repeat is obeyed: ${JSON.stringify(message)}`);
  }

  private work(index: number, action: number): void {
    const { order } = this.scene;
    const open = order.tasks.filter((task) => !isClosed(task));
    const task = open[index % Math.max(1, open.length)];
    if (!task) return;
    const can = allowedActions(order.placed.method, task.state);
    this.scene.hear(doing(can[action % can.length]!, { number: task.number, store: task.location }));
  }

  private goneUnits(): Map<string, number> {
    const { lines, holds } = this.scene.order;
    return new Map(
      lines.map(({ lineId }) => [
        lineId,
        unitsOf(holds.filter((hold) => hold.lineId === lineId && hold.state === 'fulfilled')),
      ]),
    );
  }

  private check(after: string): void {
    const { order, ledger, commands, answers } = this.scene;
    const found = orderFaults(this.scene);
    for (const { lineId, quantity, cancelledUnits } of order.lines)
      if (quantity - cancelledUnits < (this.goneUnits().get(lineId) ?? 0))
        found.push(`${lineId}: fulfilled and cancelled`);
    if (commands.length + answers.length === 0) {
      const promised = unitsOf(order.holds.filter(({ state }) => state === 'held' || state === 'asked'));
      const reserved = unitsOf(ledger.live().flatMap(({ allocations }) => allocations));
      if (promised !== reserved) found.push(`${promised} promised and ${reserved} reserved`);
    }
    if (found.length > 0) this.faults.push(`after ${after}: ${found.join('; ')}`);
  }
}

it('however an order is changed, promised units are reserved units, and what is fulfilled is never cancelled', () => {
  fc.assert(
    fc.property(
      stock,
      start,
      fc.array(step, { maxLength: 50, size: 'max' }),
      (units, { units: [A, B], wish, method }, steps) => {
        const changes = new Changing(units, placing({ A, B }, { orderId: ORDER_ID, wish, method, store: 'shop-1' }));
        for (const one of steps) changes.take(one);
        changes.comeToRest();
        expect(changes.faults).toEqual([]);
      },
    ),
    { seed: 20_260_601, numRuns: 1000 },
  );
});
