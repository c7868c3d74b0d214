import type { ReturnRules } from '@shelfline/contracts/return';

/** Parts of `totalMinor` for units before, …, of a line: whatever the parts, together they are the total. */
export function shareMinor(totalMinor: number, before: number, units: number, of: number): number {
  const upTo = (count: number) => Number((BigInt(totalMinor) * BigInt(count)) / BigInt(of));
  return upTo(before + units) - upTo(before);
}

/** Rounded down, in the customer's favour. */
export const feeMinorOf = (goodsMinor: number, feeBasisPoints: number): number =>
  Number((BigInt(goodsMinor) * BigInt(feeBasisPoints)) / 10_000n);

export interface ReturnTerms {
  readonly periodDays: number;
  readonly feeBasisPoints: number;
}
/** The product's own first, then the channel's, then the standard. */
export function termsOf(rules: ReturnRules, channel: string, category: string | undefined): ReturnTerms {
  const byChannel = Object.hasOwn(rules.channels, channel) ? rules.channels[channel] : undefined;
  const isOwn = category !== undefined && Object.hasOwn(rules.categories, category);
  const byCategory = isOwn ? rules.categories[category] : undefined;
  return {
    periodDays: byCategory?.periodDays ?? byChannel?.periodDays ?? rules.standard.periodDays,
    feeBasisPoints: byCategory?.feeBasisPoints ?? byChannel?.feeBasisPoints ?? rules.standard.feeBasisPoints,
  };
}

/** Fourteen days, as the law of many places asks of goods sold at a distance. */
export const DEFAULT_RETURN_RULES: ReturnRules = {
  standard: { periodDays: 14, feeBasisPoints: 0 },
  channels: {},
  categories: {},
  acceptedConditions: ['as_new', 'opened', 'faulty'],
  restockedConditions: ['as_new'],
  overrideRoles: ['ops'],
  foreign: 'hold',
};
