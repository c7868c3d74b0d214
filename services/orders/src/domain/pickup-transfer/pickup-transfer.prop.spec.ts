import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cancelling, doing, placing } from '../../testing/order-cases.js';
import { collecting, PickupScene, STORE } from '../../testing/pickup-scene.js';
import { isClosed } from '../order.js';
import { inTransitUnits } from '../transfers/transfer.js';

const seed = 20_260_701;
const kind = fc.nat(5);
const units = fc.record({
  A: fc.record({ 'shop-1': fc.nat(2), 'shop-2': fc.nat(4), dc: fc.nat(4) }),
  B: fc.record({ 'shop-1': fc.nat(2), 'shop-2': fc.nat(4), dc: fc.nat(4) }),
});
const lines = fc.record({ A: fc.integer({ min: 1, max: 4 }), B: fc.integer({ min: 1, max: 3 }) });
const wish = fc.constantFrom('split' as const, 'wait_for_all' as const, 'cancel_rest' as const);
const deliver = { weight: 12, arbitrary: fc.record({ do: fc.constant('deliver' as const), kind }) };
const rival = {
  weight: 2,
  arbitrary: fc.record({
    do: fc.constant('rival' as const),
    number: fc.nat(3),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
};
const work = {
  weight: 4,
  arbitrary: fc.record({ do: fc.constantFrom('ship' as const, 'receive' as const), which: fc.nat(3), part: fc.nat(2) }),
};
const undo = {
  weight: 2,
  arbitrary: fc.record({
    do: fc.constantFrom(
      'cancel' as const,
      'close' as const,
      'turn_back' as const,
      'damage' as const,
      'reject' as const,
    ),
    which: fc.nat(3),
  }),
};
const other = {
  weight: 1,
  arbitrary: fc.record({
    do: fc.constantFrom('grab' as const, 'time' as const, 'withdraw' as const, 'store' as const),
    which: fc.nat(3),
  }),
};
type Step = { do: string; kind?: number; number?: number; quantity?: number; which?: number; part?: number };

function take(
  scene: PickupScene,
  { do: what, kind: of = 0, number = 0, quantity = 1, which = 0, part = 0 }: Step,
): void {
  const { orders } = scene;
  const all = [...scene.transfers.values()];
  const transfer = all[which % Math.max(1, all.length)];
  const id = transfer?.transferId ?? '';
  const some = (damaged: number) =>
    transfer!.lines.flatMap((line) => {
      const there = Math.min(inTransitUnits(line), part + 1);
      return there > 0 ? [{ lineId: line.lineId, quantity: there, damaged: Math.min(damaged, there) }] : [];
    });
  if (what === 'deliver') scene.deliver(of);
  else if (what === 'rival') orders.hear(placing({ A: quantity }, { orderId: `rival-${number}`, id: `${number}` }));
  else if (what === 'grab') scene.grabAllThatIsFree();
  else if (what === 'time') scene.passTime(6000);
  else if (what === 'withdraw') orders.hear(cancelling());
  else if (what === 'store') {
    const task = orders.order.tasks.find((one) => !isClosed(one));
    if (task) orders.hear(doing('reject', { number: task.number, store: task.location }));
  } else if (!transfer) return;
  else if (what === 'receive' || what === 'damage') {
    const came = some(what === 'damage' ? 1 : 0);
    if (came.length > 0) scene.say('receive', { lines: came }, id);
  } else scene.say(what, {}, id);
}

describe('whatever happens to an order that is collected after a transfer', () => {
  it('is promised what is reserved for it, and nobody anything twice', () => {
    fc.assert(
      fc.property(
        units,
        lines,
        wish,
        fc.array(fc.oneof(deliver, rival, work, undo, other), { maxLength: 70 }),
        (stock, wanted, how, steps) => {
          const scene = new PickupScene(stock);
          scene.orders.hear(collecting(wanted, { wish: how }));
          for (const one of steps) {
            take(scene, one as Step);
            expect(scene.faults()).toEqual([]);
          }
          for (let round = 0; round < 8; round++) scene.settle().passTime(6000);
          expect(scene.settle().faults()).toEqual([]);
          expect(scene.isQuiet()).toBe(true);
          scene.orders.hear(cancelling());
          scene.settle();
          for (const { transferId, state } of scene.transfers.values())
            if (state === 'IN_TRANSIT') scene.say('close', {}, transferId);
          scene.settle();
          const left = scene.ledger.live().filter(({ reservationId }) => /^(order|transfer).web-1/.test(reservationId));
          expect(left).toEqual([]);
        },
      ),
      { seed, numRuns: 1000 },
    );
  });
  it('what was promised comes, where nobody loses it, though others grab whatever is free at any moment', () => {
    fc.assert(
      fc.property(units, lines, fc.array(fc.oneof(deliver, work), { maxLength: 60 }), (stock, wanted, steps) => {
        const scene = new PickupScene(stock);
        scene.when(collecting(wanted));
        const promised = scene.orders.order.holds
          .filter(({ state }) => state === 'held')
          .reduce((sum, { quantity }) => sum + quantity, 0);
        const step = (one: Step) => {
          scene.grabAllThatIsFree();
          take(scene, one);
        };
        const arrive = () => {
          for (let kind = 0; !scene.isQuiet(); kind++) step({ do: 'deliver', kind: kind % 6 });
        };
        for (const one of steps) step(one as Step);
        for (let round = 0; round < 3; round++) {
          arrive();
          for (let which = 0; which < scene.transfers.size; which++) {
            step({ do: 'ship', which });
            arrive();
            step({ do: 'receive', which, part: 9 });
            arrive();
          }
          scene.passTime(6000);
        }
        arrive();
        const atStore = scene.orders.order.tasks.filter(({ location }) => location === STORE);
        const given = atStore.flatMap((task) => task.lines).reduce((sum, { quantity }) => sum + quantity, 0);
        expect(given).toBe(promised);
        expect(scene.faults()).toEqual([]);
      }),
      { seed, numRuns: 400 },
    );
  });
});
