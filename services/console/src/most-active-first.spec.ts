import { describe, expect, it } from '@jest/globals';
import { mostActiveFirst } from './most-active-first.js';

const products = [
  { sku: '42', name: 'A' },
  { sku: '420', name: 'B' },
  { sku: 'TEA', name: 'Tea', gtin: '4006381333931' },
  { sku: 'tea-2', name: 'Tea' },
];
const activity: Record<string, number> = { '42': 0, '420': 3, TEA: 1, 'tea-2': 2 };
const order = (search: string) => mostActiveFirst(products, (sku) => activity[sku]!, search).map(({ sku }) => sku);

describe('the order of most active products', () => {
  it('is by activity, what is as active stays in its order', () => {
    expect(order('')).toEqual(['420', 'tea-2', 'TEA', '42']);
    expect(mostActiveFirst(products, () => 1, '').map(({ sku }) => sku)).toEqual(['42', '420', 'TEA', 'tea-2']);
  });
  it('begins with the product whose SKU or barcode was typed', () => {
    expect(order('42')[0]).toBe('42');
    expect(order('tea')).toEqual(['TEA', '420', 'tea-2', '42']);
    expect(order('4006381333931')[0]).toBe('TEA');
  });
});
