import { describe, expect, it } from '@jest/globals';
import { STATE_HEADER, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import type { TableChange } from '@shelfline/streaming/table';
import type { Task } from '../domain/order.js';
import type { TaskRow } from '../open-tasks.js';
import { DayLoad, type HeededOrder } from './day-load.js';

const DAY = '2026-06-01';
const NOW_MS = Date.UTC(2026, 5, 1, 4);

function load() {
  let listen: (changes: readonly TableChange<TaskRow>[]) => void = () => {};
  const clock = { nowMs: NOW_MS };
  const tasks = { onChange: (listener: typeof listen) => ((listen = listener), () => {}) };
  const days = new DayLoad(tasks as never, () => clock.nowMs);
  const tell = (key: string, value: TaskRow | undefined, headers: Record<string, string> = {}) =>
    listen([{ key, value, previous: undefined, record: { headers } } as unknown as TableChange<TaskRow>]);
  return { days, tell, clock };
}
const noDay = () => undefined;
const orderOf = (over: object) =>
  ({ orderId: 'A', placed: { method: 'courier' }, holds: [], tasks: [], ...over }) as unknown as HeededOrder;
const orderWith = (state: Task['state'], number = 1) =>
  orderOf({
    tasks: [{ number, location: 'store-1', state, day: DAY } as Task],
  });
const row: TaskRow = { store: 'store-1', version: 1, day: DAY };
const closed = (state: string) => ({ [STATE_HEADER]: state, [WORKING_DAY_HEADER]: `${DAY} store-1` });

describe('what counts against a day', () => {
  it('is a task that was decided here, at once, and not a second time when its record is read', () => {
    const { days, tell } = load();
    days.heed(1, orderWith('ASSIGNED'), noDay);
    expect(days.at('store-1', DAY)).toBe(1);
    tell('A/1', row);
    days.heed(1, orderWith('ACCEPTED'), noDay);
    expect(days.at('store-1', DAY)).toBe(1);
  });
  it('is one that is done, too: two were handed over and a third was taken on a day for two', () => {
    const { days, tell } = load();
    tell('A/1', row);
    tell('A/1', undefined, closed('HANDED_OVER'));
    tell('B/1', undefined, closed('DELIVERED'));
    expect(days.at('store-1', DAY)).toBe(2);
  });
  it.each(['REJECTED', 'TIMED_OUT', 'CANCELLED'] as const)('is none that was given back: %s', (state) => {
    const { days, tell } = load();
    days.heed(1, orderWith('ASSIGNED'), noDay);
    days.heed(1, orderWith(state), noDay);
    expect(days.at('store-1', DAY)).toBe(0);
    tell('B/1', row);
    tell('B/1', undefined, closed(state));
    expect(days.at('store-1', DAY)).toBe(0);
  });
  it('is none whose record never came: another process decided otherwise', () => {
    const { days, clock } = load();
    days.heed(1, orderWith('ASSIGNED'), noDay);
    clock.nowMs += 130_000;
    days.heed(1, orderOf({ orderId: 'B' }), noDay);
    expect(days.at('store-1', DAY)).toBe(0);
  });
  it('is nothing of an order that asked here and went on elsewhere: it was remembered for ever', () => {
    const { days, clock } = load();
    days.heed(1, orderOf({ holds: [{ state: 'asked', locations: ['store-1'] }] }), () => DAY);
    expect(days.askingOrders).toBe(1);
    clock.nowMs += 130_000;
    days.heed(1, orderOf({ orderId: 'B' }), noDay);
    expect([days.askingOrders, days.at('store-1', DAY)]).toEqual([0, 0]);
  });
  it('is what an order asks for: six that came at once each saw room for two', () => {
    const { days } = load();
    const asking = (state: string, task?: number) => [{ state, locations: ['store-1'], task }];
    days.heed(1, orderOf({ holds: asking('asked') }), () => DAY);
    expect([days.at('store-1', DAY), days.forOrder('A', 'store-1', DAY), days.forOrder('B', 'store-1', DAY)]).toEqual([
      1, 0, 1,
    ]);
    const task = { number: 1, location: 'store-1', state: 'ASSIGNED', day: DAY };
    days.heed(1, orderOf({ holds: asking('held', 1), tasks: [task] }), () => DAY);
    expect(days.at('store-1', DAY)).toBe(1);
    days.heed(1, orderOf({ orderId: 'C', holds: asking('asked') }), () => DAY);
    days.heed(1, orderOf({ orderId: 'C', holds: asking('refused') }), () => DAY);
    expect(days.at('store-1', DAY)).toBe(1);
  });
});
