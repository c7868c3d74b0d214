import { describe, expect, it } from '@jest/globals';
import { doing, placing, STORE_TERMS } from '../../testing/order-cases.js';
import { OrderScene } from '../../testing/order-scene.js';

const packed = (asksCourier: boolean) => {
  const scene = new OrderScene({ A: { 'shop-1': 3, 'shop-2': 3 } });
  scene.terms = { ...STORE_TERMS, asksCourier };
  return scene.when(placing({ A: 3 }, { method: 'courier' }), doing('accept'), doing('pick')).hear(doing('pack'));
};
const rejecting = (quantity: number) => doing('reject', { lines: [{ lineId: 'line-A', quantity }] });

describe('a parcel', () => {
  it('had a label, and a courier, that told of more than was left in it', () => {
    const scene = packed(true).hear(rejecting(1));
    expect(scene.refusals).toMatchObject([{ code: 'label_asked', field: 'lines' }]);
    expect(scene.order.tasks).toMatchObject([{ state: 'PACKED', lines: [{ quantity: 3 }] }]);
  });
  it('is still rejected as a whole, and line by line where no courier was asked', () => {
    expect(packed(true).hear(rejecting(3)).order.tasks[0]).toMatchObject({ state: 'REJECTED' });
    expect(packed(false).hear(rejecting(1)).order.tasks[0]).toMatchObject({
      state: 'PACKED',
      lines: [{ quantity: 2 }],
    });
  });
});
