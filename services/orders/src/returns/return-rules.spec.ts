import { describe, expect, it } from '@jest/globals';
import { OrdersConfig } from '../config.js';
import { DEFAULT_RETURN_RULES, termsOf } from '../domain/returns/return-money.js';

const read = (rules: string) => OrdersConfig.shape.RETURN_RULES.safeParse(rules);
const standard = { periodDays: 14, feeBasisPoints: 0 };
const rules = { ...DEFAULT_RETURN_RULES, standard };

describe('rules of returns', () => {
  it('are read from JSON, and refused in words where they cannot be', () => {
    expect(read(JSON.stringify(rules)).data).toEqual(rules);
    expect(OrdersConfig.shape.RETURN_RULES.parse(undefined)).toBeUndefined();
    expect(read('{').error?.issues[0]?.message).toMatch(/must be rules of returns as JSON/);
    const wrong = read(JSON.stringify({ ...rules, standard: { ...standard, periodDays: -1 } }));
    expect(wrong.error?.issues[0]?.message).toMatch(/standard\.periodDays must be 0 or more, not -1/);
  });

  it('prefer the product’s own to the channel’s, and that to the standard, each field by itself', () => {
    const own = {
      ...rules,
      channels: { web: { periodDays: 30, feeBasisPoints: 500 } },
      categories: { food: { periodDays: 0 } },
    };
    expect(termsOf(own, 'shop', 'toys')).toEqual(standard);
    expect(termsOf(own, 'web', undefined)).toEqual({ periodDays: 30, feeBasisPoints: 500 });
    expect(termsOf(own, 'web', 'food')).toEqual({ periodDays: 0, feeBasisPoints: 500 });
    expect(termsOf(own, 'constructor', 'toString')).toEqual(standard);
  });
});
