import { describe, expect, it } from '@jest/globals';
import { findNearestName } from './nearest-name.js';

const KNOWN = ['id', 'lot', 'expiresOn', 'serials', 'quantity', 'reference', 'reason'];

describe('the name that was meant', () => {
  it.each([
    ['lots', 'lot'],
    ['Lot', 'lot'],
    ['expires_on', 'expiresOn'],
    ['expiryOn', 'expiresOn'],
    ['serial', 'serials'],
    ['quantiti', 'quantity'],
    ['refrence', 'reference'],
    ['till', undefined],
    ['basket', undefined],
    ['x'.repeat(10_000), undefined],
  ])('by %s is %s', (name, meant) => {
    expect(findNearestName(name, KNOWN)).toBe(meant);
  });
});
