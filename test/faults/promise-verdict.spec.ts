import { describe, expect, it } from '@jest/globals';
import {
  type AnsweredPromise,
  oversold,
  promisedUnits,
  type StoredReservation,
  wrongReservations,
} from './promise-verdict.ts';

const told = (state: AnsweredPromise['state'], units = 2): AnsweredPromise => ({
  id: 'r1',
  way: 'released',
  holdMs: 1,
  mode: 'split',
  lines: [{ sku: 'tea', quantity: 2, locations: ['dc-1'] }],
  held: new Map(state === 'NONE' ? [] : [['tea', [{ location: 'dc-1', quantity: units }]]]),
  state,
});
const answered = (promise: AnsweredPromise) => new Map([[promise.id, promise]]);
const stored = (state: string, reservationId = 'r1') => {
  const found: StoredReservation = {
    reservationId,
    sku: 'tea',
    state,
    allocations: [{ location: 'dc-1', quantity: 2 }],
  };
  return new Map([[`${reservationId}|tea`, found]]);
};

describe('the verdict over promises', () => {
  it('finds nothing where each is as its customer was told', () => {
    for (const state of ['COMMITTED', 'FULFILLED', 'RELEASED', 'EXPIRED'] as const)
      expect(wrongReservations(answered(told(state)), stored(state))).toEqual([]);
    expect(wrongReservations(answered(told('NONE')), new Map())).toEqual([]);
    expect(wrongReservations(answered(told('NONE')), stored('RELEASED'))).toEqual([]);
  });

  it('names one that is in another state, of other units, or gone', () => {
    for (const state of ['ACTIVE', 'RELEASED'])
      expect(wrongReservations(answered(told('FULFILLED')), stored(state))).toHaveLength(1);
    expect(wrongReservations(answered(told('COMMITTED', 1)), stored('COMMITTED'))).toHaveLength(1);
    expect(wrongReservations(answered(told('COMMITTED')), new Map())).toHaveLength(1);
  });

  it('names one that is held though its customer was refused, or never asked', () => {
    expect(wrongReservations(answered(told('NONE')), stored('ACTIVE'))).toHaveLength(1);
    expect(wrongReservations(new Map(), stored('ACTIVE', 'r9'))).toEqual(['r9|tea: held, and nobody was told']);
  });

  it('counts units as reserved while a promise lives, and as gone once it is fulfilled', () => {
    const units = (state: AnsweredPromise['state']) => promisedUnits(answered(told(state)));
    expect(units('COMMITTED')).toEqual([{ key: 'tea@dc-1', onHand: 0, reserved: 2 }]);
    expect(units('FULFILLED')).toEqual([{ key: 'tea@dc-1', onHand: -2, reserved: 0 }]);
    expect(units('RELEASED')).toEqual([{ key: 'tea@dc-1', onHand: 0, reserved: 0 }]);
  });

  it('names a promise of more than stood there when it was made, though enough came later', () => {
    const movement = (type: string, version: number, effect: { onHand?: number; reserved?: number }) => ({
      id: `m${version}`,
      type,
      sku: 'tea',
      version,
      effects: [{ location: 'dc-1', ...effect }],
    });
    const receipt = movement('receipt', 1, { onHand: 2 });
    const late = movement('receipt', 4, { onHand: 9 });
    const first = movement('reserve', 2, { reserved: 2 });
    const second = movement('reserve', 3, { reserved: 1 });
    expect(oversold([late, first, receipt])).toEqual([]);
    expect(oversold([late, second, first, receipt])).toEqual(['m3 at tea@dc-1: 1 units too many']);
  });
});
