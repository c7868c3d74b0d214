import { expect, it } from '@jest/globals';
import type { ParcelNotice } from './courier.js';
import { sortNotices } from './sort-notices.js';

const notice = (parcelId: string, change: Partial<ParcelNotice> = {}): ParcelNotice => ({
  id: `n-${parcelId}`,
  parcelId,
  step: 'delivered',
  at: '2026-11-01T10:00:00.000Z',
  ...change,
});
const known = new Map([
  ['web-1/1', { courier: 'simulator' }],
  ['web-2/1', { courier: 'simulator' }],
  ['web-3/1', { courier: 'another' }],
]);

it('takes what a courier tells of its own parcels, and names each of the others with its reason', () => {
  const told = [notice('web-9/1'), notice('web-1/1'), notice('web-3/1'), notice('web-2/1', { at: 'yesterday' })];
  const { messages, refused } = sortNotices('simulator', told, known);
  expect(messages).toMatchObject([{ type: 'moved', parcelId: 'web-1/1', orderId: 'web-1', courier: 'simulator' }]);
  expect(refused.map(({ parcelId, code }) => [parcelId, code])).toEqual([
    ['web-9/1', 'unknown-parcel'],
    ['web-3/1', 'unknown-parcel'],
    ['web-2/1', 'invalid'],
  ]);
});
