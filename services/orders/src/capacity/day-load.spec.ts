import { describe, expect, it } from '@jest/globals';
import { STATE_HEADER, WORKING_DAY_HEADER } from '@shelfline/contracts/record-headers';
import type { TableChange } from '@shelfline/streaming/table';
import type { Task } from '../domain/order.js';
import type { TaskRow } from '../open-tasks.js';
import { DayLoad } from './day-load.js';

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
const orderWith = (state: Task['state'], number = 1) => ({
  orderId: 'A',
  tasks: [{ number, location: 'store-1', state, day: DAY } as Task],
});
const row: TaskRow = { store: 'store-1', version: 1, day: DAY };
const closed = (state: string) => ({ [STATE_HEADER]: state, [WORKING_DAY_HEADER]: `${DAY} store-1` });

describe('what counts against a day', () => {
  it('is a task that was decided here, at once, and not a second time when its record is read', () => {
    const { days, tell } = load();
    days.heed(orderWith('ASSIGNED'));
    expect(days.at('store-1', DAY)).toBe(1);
    tell('A/1', row);
    days.heed(orderWith('ACCEPTED'));
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
    days.heed(orderWith('ASSIGNED'));
    days.heed(orderWith(state));
    expect(days.at('store-1', DAY)).toBe(0);
    tell('B/1', row);
    tell('B/1', undefined, closed(state));
    expect(days.at('store-1', DAY)).toBe(0);
  });
  it('is none whose record never came: another process decided otherwise', () => {
    const { days, clock } = load();
    days.heed(orderWith('ASSIGNED'));
    clock.nowMs += 130_000;
    days.heed({ orderId: 'B', tasks: [] });
    expect(days.at('store-1', DAY)).toBe(0);
  });
});
