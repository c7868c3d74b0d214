import { describe, expect, it } from '@jest/globals';
import { OrderView } from '@shelfline/contracts/order-view';
import { orderView } from './order-views.js';
import { cancelling, doing, NOW_MS, placing } from './testing/order-cases.js';
import { given, type OrderScene } from './testing/order-scene.js';

const viewOf = ({ order }: OrderScene) => OrderView.parse(orderView(order));
const UNITS = { A: { 'shop-1': 2 } };

describe('an order as REST shows it', () => {
  it('tells what is promised, what is cancelled, and what it costs without that', () => {
    const view = viewOf(given(UNITS, placing({ A: 2, B: 3 }, { wish: 'cancel_rest' })));
    expect(view).toMatchObject({
      orderId: 'web-1',
      state: 'ROUTED',
      totalMinor: 200,
      lines: [
        { lineId: 'line-A', quantity: 2, promisedUnits: 2, cancelledUnits: 0 },
        { lineId: 'line-B', quantity: 3, promisedUnits: 0, cancelledUnits: 3 },
      ],
    });
  });
  it('promises nothing that is only asked for, and goes on promising what has left the house', () => {
    const scene = given(UNITS, placing({ A: 2 }));
    const asked = orderView({ ...scene.order, holds: scene.order.holds.map((hold) => ({ ...hold, state: 'asked' })) });
    expect(asked.lines[0]!.promisedUnits).toBe(0);
    scene.when(...(['accept', 'pick', 'pack', 'ship'] as const).map((action) => doing(action)));
    expect(viewOf(scene).lines[0]!.promisedUnits).toBe(2);
  });
  it('tells of each task where it is, why, and with which parcel', () => {
    const scene = given({ A: { 'shop-1': 1, dc: 1 } }, placing(), doing('reject', { reason: 'broken' }));
    const way = (['accept', 'pick', 'pack'] as const).map((action) => doing(action, { number: 2, store: 'dc' }));
    scene.when(...way, doing('ship', { number: 2, store: 'dc', tracking: 'SF-1' }));
    const changedAt = new Date(NOW_MS).toISOString();
    const lines = [{ lineId: 'line-A', sku: 'A', quantity: 1 }];
    expect(viewOf(scene).tasks).toEqual([
      { taskId: 'web-1/1', store: 'shop-1', state: 'REJECTED', lines, changedAt, reason: 'broken' },
      { taskId: 'web-1/2', store: 'dc', state: 'SHIPPED', lines, changedAt, tracking: 'SF-1' },
    ]);
  });
  it('says why it waits or was cancelled, and is silent about it once that is over', () => {
    const scene = given({}, placing());
    expect(viewOf(scene)).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
    scene.ledger.receive('A', 'dc', 1);
    expect(viewOf(scene.after(30_000))).not.toHaveProperty('reason');
    expect(viewOf(scene.when(cancelling('web-1', 'too late'))).reason).toBe('too late');
  });
  it('shows what the order says of itself, and no fields it does not have', () => {
    const said = { memberId: 'm-1', channelOrder: 'T-1', store: 'shop-1' };
    expect(viewOf(given(UNITS, placing({ A: 1 }, said)))).toMatchObject({ ...said, wish: 'split', currency: 'CNY' });
    expect(Object.keys(viewOf(given(UNITS, placing())))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/memberId|channelOrder|^store$/)]),
    );
  });
});
