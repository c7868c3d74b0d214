import { describe, expect, it } from '@jest/globals';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { TransferMessage } from '@shelfline/contracts/transfer';
import { PICKUP_ONLY_RULES, PickupScene } from '../../testing/pickup-scene.js';
import { asking, disposing, inspecting, receiving, shipped } from '../../testing/return-cases.js';
import { isForOrder } from '../transfers/transfer.js';
import { returnEffects } from './return-effects.js';

const ID = 'web-1.r1.4-1';
/** Three faulty pieces at shop-2 that are to go to the warehouse, and a scene in which their transfer goes on. */
function sentOn(units = 3) {
  const orders = shipped({ A: 3 });
  orders.when(asking({ A: 3 }), receiving({ A: 3 }), inspecting({ A: 3 }, 'faulty'));
  orders.hear(disposing({ A: units }, 'transfer', { location: 'dc' }));
  const facts = returnEffects(orders.order, orders.events)!.facts;
  const requests = orders.requests.splice(0).map((message) => TransferMessage.parse(message));
  const scene = new PickupScene({});
  scene.rules = PICKUP_ONLY_RULES;
  const book = () => {
    for (const fact of facts) scene.ledger.record(fact);
  };
  const ask = () => {
    scene.orders.requests.push(...requests);
    scene.settle();
  };
  return { scene, facts, requests, book, ask };
}
const at = ({ ledger }: PickupScene, place: string) => [ledger.onHandOf('A', place), ledger.availableOf('A', place)];

describe('what came back and is sent on to another place', () => {
  it('goes by a transfer that names its return, held from when it is booked in: nobody buys it in between', () => {
    const { scene, requests, book, ask } = sentOn();
    expect(requests).toMatchObject([
      { transferId: ID, from: 'shop-2', to: 'dc', purpose: 'return', orderId: 'web-1', returnId: 'r1' },
    ]);
    book();
    expect(at(scene, 'shop-2')).toEqual([3, 0]);
    ask();
    expect(scene.getTransfer(ID)).toMatchObject({ state: 'REQUESTED', returnId: 'r1' });
    expect(scene.getTransfer(ID).lines.some((line) => isForOrder(scene.getTransfer(ID), line))).toBe(false);
    scene.does('approve', {}, ID);
    expect([scene.getTransfer(ID).state, at(scene, 'shop-2')]).toEqual(['APPROVED', [3, 0]]);
  });
  it('is counted once: where it is booked in, on the road, or where it has come, asked for twice or not', () => {
    const { scene, book, ask } = sentOn();
    book();
    book();
    ask();
    ask();
    scene.does('approve', {}, ID).does('ship', {}, ID);
    expect([at(scene, 'shop-2')[0], at(scene, 'dc')[0]]).toEqual([0, 0]);
    scene.does('receive', { lines: [{ lineId: 'line-A', quantity: 3 }] }, ID);
    expect([at(scene, 'shop-2'), at(scene, 'dc')]).toEqual([
      [0, 0],
      [3, 3],
    ]);
    expect(scene.ledger.live()).toEqual([]);
  });
  it('stays where it is, and free, where its transfer is rejected', () => {
    const { scene, book, ask } = sentOn();
    book();
    ask();
    scene.does('reject', {}, ID);
    expect([at(scene, 'shop-2'), scene.ledger.live()]).toEqual([[3, 3], []]);
  });
  it('and leaves although tills had sold it there: it is gone, whatever was reserved', () => {
    const { scene, book, ask } = sentOn();
    scene.ledger.record({ ...SALE, type: 'transfer_out', quantity: 3 });
    book();
    expect(at(scene, 'shop-2')).toEqual([0, 0]);
    ask();
    scene.does('approve', {}, ID).does('ship', {}, ID);
    expect(at(scene, 'shop-2')[0]).toBe(-3);
  });
  it('and leaves whole where a till had sold one of it before: one stood in the books for ever', () => {
    const { scene, book, ask } = sentOn();
    scene.ledger.record({ ...SALE, type: 'transfer_out', quantity: 1 });
    book();
    expect(at(scene, 'shop-2')).toEqual([2, 0]);
    ask();
    scene.does('approve', {}, ID).does('ship', {}, ID);
    expect(at(scene, 'shop-2')[0]).toBe(-1);
    scene.does('receive', { lines: [{ lineId: 'line-A', quantity: 3 }] }, ID);
    expect([at(scene, 'shop-2')[0], at(scene, 'dc'), scene.ledger.live()]).toEqual([-1, [3, 3], []]);
  });
  it('and is sold where it waits: the line is asked for anew, and what is not there is said', () => {
    const { scene, book, ask } = sentOn();
    book();
    ask();
    scene.does('approve', {}, ID);
    const { reservationId } = scene.ledger.live()[0]!;
    const notice = scene.ledger.sell('A', 'shop-2', 2)!;
    expect(notice.endangered).toMatchObject([{ reservationId }]);
    const { sku, location, shortUnits } = notice;
    const endangered = { id: '3/70/0', source: 'inventory', reservationId, sku, location, shortUnits };
    scene.say('reservation_endangered', endangered, ID);
    scene.settle();
    expect(scene.getTransfer(ID).lines).toMatchObject([{ hold: { state: 'held', units: 1 }, unavailableUnits: 2 }]);
    expect(at(scene, 'shop-2')).toEqual([1, 0]);
  });
});

const SALE = {
  id: 'gone',
  source: 'till',
  sku: 'A',
  location: 'shop-2',
  occurredAt: '2026-06-01T12:00:00Z',
} satisfies Partial<StockFact | StockCommand>;
