import type { SeededRandom } from '../seeded-random.ts';

/** A fact as a till or a warehouse sends it. */
export interface MadeDelta {
  readonly id: string;
  readonly source: string;
  readonly type: 'receipt' | 'sale' | 'return' | 'adjustment' | 'damage' | 'transfer_out' | 'count';
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly occurredAt: string;
  readonly bucket?: 'on_hand' | 'damaged' | 'quality_control';
  readonly toLocation?: string;
}

export const SKUS = Array.from({ length: 150 }, (_, i) => `sku-${i}`);
/** Takes what is sent to it and nothing else, so what it expects does not depend on the order of arrival. */
const TRANSIT = 'transit';
export const PLACES = ['dc-1', 'dc-2', 'store-1', 'store-2'];
export const LOCATIONS = [...PLACES, TRANSIT];

const FIRST_MS = Date.parse('2025-01-01T00:00:00Z');
const JITTER = 200;
const TYPES: readonly MadeDelta['type'][] = [
  ...Array<MadeDelta['type']>(9).fill('sale'),
  ...Array<MadeDelta['type']>(5).fill('receipt'),
  'return',
  'adjustment',
  'damage',
  'transfer_out',
];
const COUNT_SHARE = 0.02;

/**
 * Makes facts whose sum is the same in whatever order they arrive: late ones, counts overtaken by sales, repeats. Counts
 * have instants of their own (odd ones), since of two counts of the same instant the later arrival would win.
 */
export class DeltaMaker {
  private made = 0;
  private readonly source: string;
  private readonly random: SeededRandom;
  private readonly skus: readonly string[];

  constructor(source: string, random: SeededRandom, skus: readonly string[] = SKUS) {
    this.source = source;
    this.random = random;
    this.skus = skus;
  }

  next(): MadeDelta {
    const n = this.made++;
    const { random } = this;
    const shared = { id: `d${n}`, source: this.source, sku: random.pick(this.skus), location: random.pick(PLACES) };
    if (random.next() < COUNT_SHARE)
      return { ...shared, type: 'count', quantity: random.between(0, 500), occurredAt: instant(2 * n + 1) };
    const type = random.pick(TYPES);
    const occurredAt = instant(2 * Math.max(0, n + random.between(-JITTER, JITTER)));
    const quantity = random.between(1, type === 'receipt' ? 40 : 12);
    if (type === 'transfer_out') return { ...shared, type, quantity, occurredAt, toLocation: TRANSIT };
    if (type !== 'adjustment') return { ...shared, type, quantity, occurredAt };
    const bucket = random.pick(['on_hand', 'damaged', 'quality_control'] as const);
    return { ...shared, type, bucket, quantity: random.between(-9, 9), occurredAt };
  }
}

const instant = (msAfterFirst: number): string => new Date(FIRST_MS + msAfterFirst).toISOString();
