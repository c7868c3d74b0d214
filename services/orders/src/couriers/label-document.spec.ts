import { expect, it } from '@jest/globals';
import type { Parcel } from '../domain/couriers/parcel.js';
import { labelDocument } from './label-document.js';

it('shows where it goes, and lets nobody write into the picture', () => {
  const destination = { recipient: '<script>alert(1)</script>', city: 'Shanghai', address: 'A & B "Road"' };
  const parcel = { parcelId: 'web-1/1', courier: 'simulator', store: 'shop-1', destination, lines: [] };
  const label = labelDocument(parcel as unknown as Parcel, 'SIM0123456789');
  expect(label).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(label).toContain('A &amp; B &quot;Road&quot;');
  expect(label).not.toContain('<script');
  expect(label).toMatch(/^<svg [^>]+>.*<svg x="20".*<\/svg>$/s);
});

it('has a code for a number that Code 128 cannot hold', () => {
  const parcel = {
    parcelId: 'web-1/1',
    courier: 'sf',
    store: 'shop-1',
    destination: {},
    lines: [],
  } as unknown as Parcel;
  expect(labelDocument(parcel, '顺丰-0123')).toMatch(/<svg x="20"/);
});
