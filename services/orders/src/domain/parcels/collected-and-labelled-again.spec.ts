import { expect, it } from '@jest/globals';
import { type ParcelEvent, parcelAfter } from './task-parcel.js';

const told = (change: ParcelEvent['change'], toldAtMs: number, more: Partial<ParcelEvent> = {}): ParcelEvent => ({
  type: 'parcel_changed',
  number: 1,
  courier: 'simulator',
  change,
  toldAtMs,
  ...more,
});

it('was shown as labelled once more where the courier had it before its answer came', () => {
  const collected = parcelAfter(undefined, told('collected', 2000));
  expect(parcelAfter(collected, told('labelled', 1000, { label: '/labels/1' }))).toMatchObject({
    state: 'collected',
    label: '/labels/1',
  });
  expect(parcelAfter(undefined, told('labelled', 1000)).state).toBe('labelled');
});
