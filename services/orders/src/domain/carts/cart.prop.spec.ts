import { expect, it } from '@jest/globals';
import type { PlaceOrder } from '@shelfline/contracts/order';
import fc from 'fast-check';
import { adding, becoming, CartScene, joining, ordering, putting, setting } from '../../testing/cart-cases.js';
import { isUnderWay } from './cart.js';

const sku = fc.constantFrom('A', 'B', 'C');
const step = fc.oneof(
  fc.record({
    do: fc.constantFrom('add', 'join', 'set', 'put'),
    sku,
    units: fc.integer({ min: 1, max: 4 }),
    stale: fc.boolean(),
  }),
  fc.record({ do: fc.constant('order' as const), sku, units: fc.integer({ min: 1, max: 4 }), stale: fc.boolean() }),
  fc.record({
    do: fc.constant('answer' as const),
    of: fc.nat(),
    again: fc.boolean(),
    how: fc.constantFrom('ROUTED', 'WAITING', 'CANCELLED', 'refused'),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Two screens of a member and the orders that come of it, in whatever order; what was put in is counted beside it. */
class Counted {
  readonly scene = new CartScene();
  readonly asked: PlaceOrder[] = [];
  readonly faults: string[] = [];
  private readonly answered = new Map<string, string>();
  /** Put in by somebody, less what somebody took out. */
  private readonly put = new Map<string, number>();
  private seen = 0;

  take(one: Step): void {
    if (one.do === 'answer') return this.answer(one);
    const before = this.scene.units;
    const more = one.stale ? { expectedVersion: this.seen } : {};
    const units = { [one.sku]: one.units };
    this.seen = this.scene.cart?.version ?? 0;
    const makes = {
      add: adding,
      set: setting,
      put: putting,
      order: (u: typeof units, m: object) => ordering(u, `o-${this.asked.length}`, m),
      join: joining,
    };
    this.scene.when(makes[one.do](units, more));
    const { placed } = this.scene;
    if (placed) {
      if (one.stale && this.seen !== more.expectedVersion) this.faults.push('a cart that was not seen is ordered');
      this.asked.push(placed);
      return;
    }
    if (one.do === 'order') return;
    for (const name of 'ABC') this.count(name, (this.scene.units[name] ?? 0) - (before[name] ?? 0));
  }

  /** Each unit that was put in is in the cart, on its way to an order, or in one order. */
  check(): void {
    const { cart } = this.scene;
    for (const name of 'ABC') {
      const underWay = (cart?.orders ?? []).filter(isUnderWay).flatMap(({ lines }) => lines);
      const ordered = this.asked.filter(({ id }) => this.answered.get(id) === 'ordered').flatMap(({ lines }) => lines);
      const found = [...(cart?.lines ?? []), ...underWay, ...ordered];
      const units = found.reduce((sum, line) => sum + (line.sku === name ? line.quantity : 0), 0);
      const put = this.put.get(name) ?? 0;
      if (units !== put) this.faults.push(`${put} of ${name} were put in, and ${units} are there`);
    }
  }

  private answer({ of, again, how }: Extract<Step, { do: 'answer' }>): void {
    const order = this.asked[of % Math.max(1, this.asked.length)];
    if (!order) return;
    const said = how === 'refused' ? { result: 'refused' as const } : { state: how as 'ROUTED' };
    // The first answer stands: whatever comes later says nothing new.
    if (!this.answered.has(order.id))
      this.answered.set(order.id, how === 'ROUTED' || how === 'WAITING' ? 'ordered' : 'back');
    for (let i = 0; i <= Number(again); i++) this.scene.when(becoming(order.id, { orderId: order.orderId, ...said }));
  }
  private count(name: string, units: number): void {
    this.put.set(name, (this.put.get(name) ?? 0) + units);
  }
}

it('whatever two screens do to a cart, each piece in it becomes part of one order at most, and none is lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const counted = new Counted();
      for (const one of steps) {
        counted.take(one);
        counted.check();
      }
      expect(counted.faults).toEqual([]);
    }),
    { seed: 20_260_601, numRuns: 1000 },
  );
});
