import { describe, expect, it } from '@jest/globals';
import { hours, move, receipt, reserve, step } from '../testing/deltas.js';
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

  it('gives back as many units as are named and keeps the rest, which is fulfilled as it is', () => {
    const inPart = { ...step('release', 'A'), quantity: 2 } as ReturnType<typeof step>;
    const part = held('commit').when(inPart);
    expect(part.answer).toMatchObject({
      result: 'accepted',
      state: 'COMMITTED',
      allocations: [{ location: 'shop-a', quantity: 1 }],
    });
    expect(part.level('shop-a')).toMatchObject({ onHand: 5, reserved: 1 });
    const shipped = given(receipt(5), reserve('A', 3), inPart, step('fulfil', 'A'));
    expect(shipped.ledger.levels[0]).toMatchObject({ onHand: 4, reserved: 0 });
  });
  it.each([3, 4])('gives back all of it where %i units are named', (quantity) => {
    const done = held().when({ ...step('release', 'A'), quantity } as ReturnType<typeof step>);
    expect(done.answer).toMatchObject({ result: 'accepted', state: 'RELEASED' });
    expect(done.level('shop-a').reserved).toBe(0);
  });
  it('gives back in part from the place that was chosen last', () => {
    const both = { locations: ['shop-a', 'shop-b'], mode: 'split' };
    const done = given(receipt(2), receipt(2, 'shop-b'), reserve('A', 4, both)).when({
      ...step('release', 'A'),
      quantity: 3,
    } as ReturnType<typeof step>);
    expect([done.level('shop-a').reserved, done.level('shop-b').reserved]).toEqual([1, 0]);
    expect(done.ledger.findReservation('A')?.allocations).toEqual([{ location: 'shop-a', quantity: 1 }]);
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
