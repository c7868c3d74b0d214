import { describe, expect, it } from '@jest/globals';
import { hours, move, receipt, reduce, reserve, step } from '../testing/deltas.js';
import { given } from '../testing/given-stock.js';

const HOUR_MS = 60 * 60 * 1000;
const held = (...steps: Parameters<typeof step>[0][]) =>
  given(receipt(5), reserve('A', 3), ...steps.map((type) => step(type, 'A')));

describe('a step of a reservation', () => {
  it.each([
    ['release', { onHand: 5, reserved: 0 }, 'RELEASED'],
    ['commit', { onHand: 5, reserved: 3 }, 'COMMITTED'],
    ['fulfil', { onHand: 2, reserved: 0 }, 'FULFILLED'],
  ] as const)('%s leaves %j', (type, level, state) => {
    const done = held().when(step(type, 'A'));
    expect(done.answer).toMatchObject({ result: 'accepted', state });
    expect(done.level('shop-a')).toMatchObject(level);
    expect(done.ledger.findReservation('A')).toMatchObject({ state });
  });

  it.each([
    ['commit', 'release', 'accepted'],
    ['commit', 'fulfil', 'accepted'],
    ['commit', 'expire', 'refused'],
    ['release', 'commit', 'refused'],
    ['release', 'fulfil', 'refused'],
    ['release', 'expire', 'refused'],
    ['fulfil', 'release', 'refused'],
    ['fulfil', 'commit', 'refused'],
    ['fulfil', 'expire', 'refused'],
  ] as const)('after %s, %s is %s', (first, second, result) => {
    const done = held(first)
      .after(48 * HOUR_MS)
      .when(step(second, 'A'));
    expect(done.answer?.result).toBe(result);
    expect(done.answer?.reason ?? '').toMatch(result === 'refused' ? /^not_possible_when_/ : /^$/);
  });

  it.each(['release', 'commit', 'fulfil'] as const)('%s once more changes nothing', (type) => {
    const again = held(type).when(step(type, 'A'));
    expect(again.answer?.result).toBe('unchanged');
    expect(again.events).toHaveLength(1);
  });

  it('expires only what is active and over', () => {
    expect(held().when(step('expire', 'A')).answer).toMatchObject({ result: 'refused', reason: 'not_yet_expired' });
    const over = held()
      .after(24 * HOUR_MS)
      .when(step('expire', 'A'));
    expect(over.answer).toMatchObject({ result: 'accepted', state: 'EXPIRED' });
    expect(over.level('shop-a').reserved).toBe(0);
  });

  it('of an unknown reservation is refused, but a release leaves a mark', () => {
    expect(given().when(step('commit', 'A')).answer).toMatchObject({ reason: 'unknown_reservation' });
    expect(given().when(step('release', 'A')).ledger.findReservation('A')?.state).toBe('RELEASED');
  });

  it('gives back what stands in several places', () => {
    const both = { locations: ['shop-a', 'shop-b'] };
    const ledger = given(receipt(1), receipt(1, 'shop-b'), reserve('A', 2, both), step('fulfil', 'A')).ledger;
    expect(ledger.levels.map(({ onHand, reserved }) => [onHand, reserved])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('reducing a reservation', () => {
  it('gives back what is not kept, and holds the rest as it was', () => {
    const reduced = given(receipt(5), reserve('A', 4)).when(reduce('A', 1));
    expect(reduced.answer).toMatchObject({ result: 'accepted', allocations: [{ location: 'shop-a', quantity: 1 }] });
    expect(reduced.level('shop-a').reserved).toBe(1);
    const shipped = given(receipt(5), reserve('A', 4), reduce('A', 1), step('fulfil', 'A')).ledger;
    expect(shipped.levels.map(({ onHand, reserved }) => [onHand, reserved])).toEqual([[4, 0]]);
  });
  it('keeps the places that are named first', () => {
    const both = { mode: 'split' as const, locations: ['shop-a', 'shop-b'] };
    const reduced = given(receipt(2), receipt(2, 'shop-b'), reserve('A', 4, both)).when(reduce('A', 3));
    expect([reduced.level('shop-a').reserved, reduced.level('shop-b').reserved]).toEqual([2, 1]);
  });
  it('is unchanged where no more than that is held, and never adds', () => {
    const again = given(receipt(5), reserve('A', 4), reduce('A', 2)).when(reduce('A', 3));
    expect(again.answer).toMatchObject({ result: 'unchanged' });
    expect(again.level('shop-a').reserved).toBe(2);
  });
  it('refuses what is over or was never made', () => {
    const over = given(receipt(5), reserve('A', 3), step('release', 'A')).when(reduce('A', 1));
    expect(over.answer).toMatchObject({ result: 'refused', reason: 'not_possible_when_released' });
    expect(given(receipt(5)).when(reduce('A', 1)).answer).toMatchObject({ reason: 'unknown_reservation' });
  });
});

describe('moving a reservation', () => {
  it('shifts units to a place that has them', () => {
    const moved = given(receipt(5), receipt(2, 'shop-b'), reserve('A', 3)).when(move('A', 'shop-a', 'shop-b', 2));
    expect(moved.answer).toMatchObject({
      result: 'accepted',
      allocations: [
        { location: 'shop-a', quantity: 1 },
        { location: 'shop-b', quantity: 2 },
      ],
    });
    expect([moved.level('shop-a').reserved, moved.level('shop-b').reserved]).toEqual([1, 2]);
  });
  it('checks the destination, as medusajs/medusa#16488 did not', () => {
    const moved = given(receipt(5), receipt(1, 'shop-b'), reserve('A', 3)).when(move('A', 'shop-a', 'shop-b', 2));
    expect(moved.answer).toMatchObject({ result: 'refused', reason: 'short', shortUnits: 1 });
    expect([moved.level('shop-a').reserved, moved.level('shop-b').reserved]).toEqual([3, 0]);
  });
  it('refuses what is not held there, is over, or leads nowhere', () => {
    const some = () => given(receipt(5), receipt(5, 'shop-b'), reserve('A', 3));
    expect(some().when(move('A', 'shop-b', 'shop-a', 1)).answer?.reason).toBe('not_held_there');
    expect(some().when(move('A', 'shop-a', 'shop-b', 4)).answer?.reason).toBe('not_held_there');
    expect(some().when(move('A', 'shop-a', 'nowhere', 1)).answer?.reason).toBe('unknown_location');
    expect(some().when(move('B', 'shop-a', 'shop-b', 1)).answer?.reason).toBe('unknown_reservation');
    const over = given(receipt(5), reserve('A', 3), step('release', 'A')).when(move('A', 'shop-a', 'shop-b', 1));
    expect(over.answer?.reason).toBe('not_possible_when_released');
  });
  it('does not bring carried-out goods into the e-commerce warehouse', () => {
    const carried = reserve('A', 1, { demand: 'carry_out', expiresAt: hours(5) });
    const moved = given(receipt(5), receipt(5, 'ecom'), carried).when(move('A', 'shop-a', 'ecom', 1));
    expect(moved.answer).toMatchObject({ result: 'refused', reason: 'kept_for_online' });
  });
});
