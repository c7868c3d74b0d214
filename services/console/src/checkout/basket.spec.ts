import { describe, expect, it } from '@jest/globals';
import { added, type Basket, type Delivery, orderOf, withQuantity } from './basket.js';

const TEA = { sku: 'TEA', name: 'Tea' };
const CUP = { sku: 'CUP', name: 'Cup' };
const HOME: Delivery = { recipient: ' Anna ', address: '', city: 'Lyon' };
const quantities = (basket: Basket) => basket.map(({ product, quantity }) => [product.sku, quantity]);

describe('the basket', () => {
  const basket = added(added(added([], TEA), CUP), TEA);

  it('counts the same product once more instead of twice', () => {
    expect(quantities(basket)).toEqual([
      ['TEA', 2],
      ['CUP', 1],
    ]);
  });
  it('takes a line out at 0 and passes over what is no quantity', () => {
    expect(quantities(withQuantity(basket, 'TEA', 0))).toEqual([['CUP', 1]]);
    for (const typed of [-1, 1.5, Number.NaN]) expect(withQuantity(basket, 'TEA', typed)).toBe(basket);
    expect(quantities(withQuantity(basket, 'CUP', 1000))[1]).toEqual(['CUP', 99]);
  });
  it('holds no more lines than an order may have', () => {
    let full: Basket = [];
    for (let i = 0; i < 60; i++) full = added(full, { sku: `P${i}`, name: 'P' });
    expect(full).toHaveLength(50);
  });
  it('is an order with a line each, as the offer that was taken says', () => {
    const where = { city: 'Lyon', region: 'south' };
    const facts = { orderId: 'o1', channel: 'web', atMs: 0, where };
    const promisedBy = '2026-03-02T10:00:00Z';
    const sent = orderOf(basket, HOME, { method: 'courier', promisedBy }, facts);
    expect(sent).toMatchObject({
      destination: { recipient: 'Anna', city: 'Lyon', region: 'south' },
      placedAt: '1970-01-01T00:00:00.000Z',
      promisedBy,
      lines: [
        { lineId: '1', sku: 'TEA', quantity: 2 },
        { lineId: '2', sku: 'CUP', quantity: 1 },
      ],
    });
    expect(sent).not.toHaveProperty('store');
    expect(sent).not.toHaveProperty('wish');
    const ahead = { method: 'courier', promisedBy, wish: 'backorder' } as const;
    expect(orderOf(basket, HOME, ahead, facts)).toMatchObject({ wish: 'backorder', promisedBy });
    const store = { code: 'near', name: 'Near' };
    const collected = orderOf(basket, HOME, { method: 'pickup', store, promisedBy }, facts);
    expect(collected).toMatchObject({ store: 'near' });
    expect(collected).not.toHaveProperty('destination');
  });
});
