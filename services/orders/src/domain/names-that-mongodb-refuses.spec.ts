import { expect, it } from '@jest/globals';
import { placed, worldAt } from '../testing/placing.js';

/** One POST with such a name in a line stopped the partition: its document could never be written. */
it('keeps of lines and destination only what the standard knows', () => {
  const bad = { 'a\u0000b': 1, $where: 1, _bsontype: 'Long' };
  const order = placed(worldAt(1), {
    lines: [{ lineId: '1', sku: 'S', quantity: 5, unitPriceMinor: 990, ...bad }],
    destination: { city: 'Lyon', phone: '1', ...bad },
  });
  expect(order.lines).toEqual([{ lineId: '1', sku: 'S', quantity: 5, unitPriceMinor: 990, cancelledUnits: 0 }]);
  expect(order.placed.destination).toEqual({ city: 'Lyon', phone: '1' });
});
