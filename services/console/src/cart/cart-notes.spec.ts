import { describe, expect, it } from '@jest/globals';
import type { MemberCart } from '@shelfline/client/storefront';
import { emptyWords, keptWords, lastOrderWords } from './cart-notes.js';

const NOW_MS = Date.parse('2026-06-01T08:00:00Z');
const cart = (over: Partial<MemberCart> = {}): MemberCart => ({
  memberId: 'm-1',
  lines: [{ sku: 'A', quantity: 1, channel: 'web', addedAt: '2026-06-01T08:00:00Z' }],
  orders: [],
  changedAt: '2026-06-01T08:00:00Z',
  expiresAt: '2026-08-30T08:00:00Z',
  version: 1,
  ...over,
});
const kept = (leftMs: number, language: 'en' | 'zh' = 'en') =>
  keptWords({ expiresAt: new Date(NOW_MS + leftMs).toISOString() }, NOW_MS, language);

describe('what a member reads of his cart', () => {
  it('is the day until which it is kept, and on the last day how long', () => {
    expect(keptWords(cart(), NOW_MS, 'en')).toMatch(/until August 30, 2026/);
    expect(keptWords(cart(), NOW_MS, 'zh')).toMatch(/2026年8月30日/);
    expect(kept(3_723_000)).toMatch(/1:02:03/);
    expect(kept(59_000, 'zh')).toMatch(/0:59/);
    expect(kept(0)).not.toMatch(/\d/);
  });
  it('is why there is nothing in it', () => {
    expect(emptyWords(cart(), 'en')).toBeUndefined();
    expect([undefined, cart({ lines: [] })].map((one) => emptyWords(one, 'en'))).toEqual([
      'The cart is empty. Choose a product in the list and put it in.',
      'The cart is empty. Choose a product in the list and put it in.',
    ]);
    expect(emptyWords(cart({ lines: [], expired: true }), 'en')).toMatch(/emptied/);
  });
  it('is what became of its last order', () => {
    const order = { orderId: 'o-2', at: '', lines: [] };
    const orders = [
      { ...order, orderId: 'o-1', result: 'ordered' as const },
      { ...order, result: 'refused' as const },
    ];
    expect(lastOrderWords(cart({ orders }), 'en')).toMatch(/o-2.*in the cart again/);
    expect(lastOrderWords(cart(), 'en')).toBeUndefined();
    const ordered = { ...order, result: 'ordered' as const };
    const words = (['placed', 'out_of_stock', 'backordered', undefined] as const).map((became) =>
      lastOrderWords(cart({ orders: [became ? { ...ordered, became } : ordered] }), 'en'),
    );
    expect(words).toEqual([
      'Order o-2 was made of this cart.',
      'Order o-2 was made of this cart and waits: nothing of it can be promised now.',
      'Order o-2 was made of this cart and waits for goods that are on their way.',
      'Order o-2 was made of this cart.',
    ]);
  });
});
