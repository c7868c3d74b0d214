import { expect, it } from '@jest/globals';
import { STATE_HEADER, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import type { TableChange } from '@shelfline/streaming/table';
import { DayLoad } from './capacity/day-load.js';
import type { Order } from './domain/order.js';
import type { TaskRow } from './open-tasks.js';
import { placing } from './testing/order-cases.js';
import { Intake, PARTITION } from './testing/order-intake.js';

const DAY = '2026-06-01';

function busy() {
  let tell: (changes: readonly TableChange<TaskRow>[]) => void = () => {};
  const days = new DayLoad({ onChange: (listener: typeof tell) => ((tell = listener), () => {}) } as never, () => 0);
  const closed = (key: string, state: string) => {
    const headers = { [STATE_HEADER]: state, [WORKING_DAY_HEADER]: `${DAY} shop-1` };
    tell([{ key, value: undefined, record: { headers } } as unknown as TableChange<TaskRow>]);
  };
  const intake = new Intake(
    { A: { 'shop-1': 5 } },
    {
      heed: (partition, order) => days.heed(partition, order, () => DAY),
      committed: (partition) => days.committed(partition),
      giveBack: (partition) => days.giveBack(partition),
    },
  );
  return { days, intake, closed, taken: () => days.at('shop-1', DAY) };
}
const withTask = (orderId: string, state: string) =>
  ({
    orderId,
    placed: { method: 'courier' },
    holds: [],
    tasks: [{ number: 1, location: 'shop-1', state, day: DAY }],
  }) as unknown as Order;

it('took a day twice, by a batch whose first decision was lost and whose second asked elsewhere', async () => {
  const { intake, taken, days } = busy();
  await intake.lost(placing());
  expect(taken()).toBe(1);
  // Decided again without it: another process has had it in the meantime.
  await intake.batch('tick');
  expect([taken(), days.askingOrders]).toEqual([0, 0]);
});
it('takes it once when the same is decided again', async () => {
  const { intake, taken } = busy();
  await intake.lost(placing());
  await intake.batch(placing());
  await intake.batch('tick');
  expect(taken()).toBe(1);
});
it('gives back nothing that was committed, whatever other partitions lose', () => {
  const { days, taken } = busy();
  days.heed(PARTITION, withTask('A', 'ASSIGNED'), () => DAY);
  days.heed(PARTITION + 1, withTask('B', 'ASSIGNED'), () => DAY);
  days.committed(PARTITION);
  days.giveBack(PARTITION);
  expect(taken()).toBe(2);
  days.giveBack(PARTITION + 1);
  expect(taken()).toBe(1);
});
it('takes the day again of a task that was given back by a decision which is lost', () => {
  const { days, taken } = busy();
  days.heed(PARTITION, withTask('A', 'ASSIGNED'), () => DAY);
  days.committed(PARTITION);
  days.heed(PARTITION, withTask('A', 'REJECTED'), () => DAY);
  expect(taken()).toBe(0);
  days.giveBack(PARTITION);
  expect(taken()).toBe(1);
});
it('keeps what a record on the topic says, though the reply to its commit was lost', () => {
  const { days, taken, closed } = busy();
  days.heed(PARTITION, withTask('A', 'ASSIGNED'), () => DAY);
  closed('A/1', 'DELIVERED');
  days.giveBack(PARTITION);
  expect(taken()).toBe(1);
  days.heed(PARTITION, withTask('A', 'REJECTED'), () => DAY);
  closed('A/1', 'REJECTED');
  days.giveBack(PARTITION);
  expect(taken()).toBe(0);
});
