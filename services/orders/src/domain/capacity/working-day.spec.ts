import { describe, expect, it } from '@jest/globals';
import { order, place, rule } from '../sourcing/testing/sourcing-cases.js';
import { planWithinDays, roomOf } from './plan-within-days.js';
import { findDayWithRoom, workingDays } from './working-day.js';

const hours = (...days: number[]) => days.map((day) => ({ day, opens: '10:00', closes: '22:00' }));
/** Monday the first of June 2026, noon in Shanghai. */
const MONDAY_NOON_MS = Date.UTC(2026, 5, 1, 4);
const shop = (over: object = {}) => ({
  timeZone: 'Asia/Shanghai',
  capacityPerDay: 2,
  openingHours: hours(1, 2, 5),
  ...over,
});
const takenOf = (taken: Record<string, number>) => (day: string) => taken[day] ?? 0;

describe('the days on which a place works', () => {
  it('are those on which it is open, by its own clock', () => {
    expect(workingDays(shop(), MONDAY_NOON_MS).map(({ day }) => day)).toEqual([
      '2026-06-01',
      '2026-06-02',
      '2026-06-05',
      '2026-06-08',
    ]);
  });
  it('begin tomorrow once it has closed: what comes at night is no work of the day that is over', () => {
    const tenAtNightMs = Date.UTC(2026, 5, 1, 14);
    expect(workingDays(shop(), tenAtNightMs)[0]).toEqual({ day: '2026-06-02', fromMs: Date.UTC(2026, 5, 2, 2) });
  });
  it('are all days of a place without hours, which change at midnight there and not in London', () => {
    const oneAtNightMs = Date.UTC(2026, 5, 1, 17);
    const days = workingDays(shop({ openingHours: undefined }), oneAtNightMs);
    expect(days.map(({ day }) => day).slice(0, 2)).toEqual(['2026-06-02', '2026-06-03']);
    expect(days).toHaveLength(7);
  });
});

describe('the day of the next task', () => {
  it('is today up to the capacity, then the next day on which it is open', () => {
    const dayAfter = (taken: Record<string, number>) => findDayWithRoom(shop(), takenOf(taken), MONDAY_NOON_MS);
    expect(dayAfter({ '2026-06-01': 1 })).toMatchObject({ day: '2026-06-01', left: 1, isFirst: true });
    expect(dayAfter({ '2026-06-01': 2 })).toMatchObject({ day: '2026-06-02', left: 2, isFirst: false });
    expect(dayAfter({ '2026-06-01': 2, '2026-06-02': 2 })).toMatchObject({ day: '2026-06-05', left: 2 });
  });
  it('is the last one looked at where all are full, as what is held there already has to be done', () => {
    const full = { '2026-06-01': 2, '2026-06-02': 2, '2026-06-05': 3, '2026-06-08': 2 };
    expect(findDayWithRoom(shop(), takenOf(full), MONDAY_NOON_MS)).toMatchObject({ day: '2026-06-08', left: 0 });
  });
});

describe('a plan', () => {
  const near = (taken: number) =>
    place('near', { northKm: 1, ...roomOf(shop(), takenOf({ '2026-06-01': taken }), MONDAY_NOON_MS) });
  const far = place('far', { northKm: 9 });
  const capacity = rule({ filters: [{ by: 'capacity_left', atLeast: 1 }], sorters: [{ by: 'nearest', stepKm: 1 }] });
  const sharesOf = (plan: ReturnType<typeof planWithinDays>) =>
    plan.kind === 'planned' ? plan.shares.map(({ location }) => location) : [];

  it('takes another place that has room today before one that has none', () => {
    expect(sharesOf(planWithinDays(order(), [near(1), far], capacity))).toEqual(['near']);
    expect(sharesOf(planWithinDays(order(), [near(2), far], capacity))).toEqual(['far']);
  });
  it('takes the full one where no other has it, and says from when on it works on it', () => {
    const plan = planWithinDays(order(), [near(2)], capacity);
    expect(sharesOf(plan)).toEqual(['near']);
    expect(plan.explanation.places[0]).toMatchObject({ outcome: 'chosen', worksFrom: '2026-06-02' });
  });
  it('places nothing at one that never has room', () => {
    const never = place('near', roomOf(shop({ capacityPerDay: 0 }), takenOf({}), MONDAY_NOON_MS));
    expect(sharesOf(planWithinDays(order(), [never], capacity))).toEqual([]);
  });
});
