import { describe, expect, it } from '@jest/globals';
import type { TrackedOrder } from '@shelfline/client/storefront';
import { TaskState } from '@shelfline/contracts/order';
import { orderWords, parcelWords, spacedCode, stepsOf } from './words.js';

const parcel = (state: string, number = 1) => ({ number, state, lines: [], steps: [] }) as never;
const order = (state: string, parcels: readonly never[] = [], more: object = {}) =>
  ({ state, method: 'courier', parcels, ...more }) as unknown as TrackedOrder;
const AT = '2026-03-01T10:00:00.000Z';

describe('the words of a customer’s order', () => {
  it('are those of its only parcel, and of several that they are several', () => {
    expect(orderWords(order('IN_FULFILMENT', [parcel('SHIPPED')])).headline).toBe('trackSHIPPED');
    expect(orderWords(order('ROUTED', [parcel('ASSIGNED'), parcel('PACKED', 2)])).headline).toBe('trackSeveral');
    expect(orderWords(order('ROUTED')).headline).toBe('trackReserving');
  });
  it('say why nothing comes', () => {
    expect(orderWords(order('CANCELLED', [], { reason: 'out_of_stock' })).next).toBe('trackOutOfStockNext');
    expect(orderWords(order('CANCELLED', [], { reason: 'cancelled' })).next).toBe('trackCancelledNext');
    expect(orderWords(order('WAITING')).headline).toBe('trackWaiting');
  });
  it('are there for every state that a parcel can have, and for one that comes later', () => {
    for (const state of TaskState.options) expect(parcelWords({ state }, 'courier').headline).toMatch(/^track/);
    expect(parcelWords({ state: 'PACKED' }, 'pickup').next).toBe('trackPACKEDNextPickup');
    expect(parcelWords({ state: 'LEVITATING' as never }, 'courier')).toEqual({
      headline: 'trackOTHER',
      next: undefined,
    });
  });
});

describe('the steps of a parcel', () => {
  it('are what was done with its time, then what is to come', () => {
    const steps = [
      { state: 'ACCEPTED' as const, at: AT },
      { state: 'PICKING' as const, at: AT },
    ];
    expect(
      stepsOf({ state: 'PICKING', steps }, 'pickup', AT).map(({ text, at, isNow }) => [text, at !== undefined, isNow]),
    ).toEqual([
      ['trackStepPlaced', true, false],
      ['trackStepACCEPTED', true, false],
      ['trackStepPICKING', true, true],
      ['trackStepPACKED', false, false],
      ['trackStepREADY_FOR_PICKUP', false, false],
      ['trackStepHANDED_OVER', false, false],
    ]);
    expect(stepsOf({ state: 'ASSIGNED', steps: [] }, 'courier', AT)[0]).toMatchObject({ isNow: true });
  });
  it('leave out what was passed over', () => {
    const steps = [
      { state: 'ACCEPTED' as const, at: AT },
      { state: 'HANDED_OVER' as const, at: AT },
    ];
    expect(stepsOf({ state: 'HANDED_OVER', steps }, 'carry_out', AT).map(({ text }) => text)).toEqual([
      'trackStepPlaced',
      'trackStepACCEPTED',
      'trackStepHANDED_OVER',
    ]);
  });
  it('end with a code in two groups of digits', () => {
    expect(spacedCode('012345')).toBe('012 345');
    expect(spacedCode('A1')).toBe('A1');
  });
});
