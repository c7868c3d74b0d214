import { MAX_LINE_UNITS, MAX_LINES } from '@shelfline/contracts/order';
import type { OrderStanding, WhatBecame } from '@shelfline/contracts/order-view';

export interface CartUnits {
  readonly sku: string;
  readonly quantity: number;
}
/** One a SKU. */
export interface CartLine extends CartUnits {
  /** Through which it was last changed. */
  readonly channel: string;
  readonly addedAtMs: number;
}
export type CartOrderResult = 'under_way' | 'ordered' | 'out_of_stock' | 'refused';
/** An order that was made of it. What it took is in no cart until it is known what became of it. */
export interface CartOrder {
  readonly orderId: string;
  /** Of the message that asks for the order. */
  readonly messageId: string;
  /** Who wanted it, as `source/id` of what he sent. */
  readonly askedBy: string;
  readonly channel: string;
  readonly lines: readonly CartUnits[];
  readonly atMs: number;
  readonly result: CartOrderResult;
  /** Absent while nothing is known, of a refused one, and of orders that were stored before it was noted. */
  readonly became?: WhatBecame;
  readonly stands?: OrderStanding;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
}

export interface MemberCart {
  readonly memberId: string;
  readonly lines: readonly CartLine[];
  /** The newest, the newest last. */
  readonly orders: readonly CartOrder[];
  readonly changedAtMs: number;
  readonly expiresAtMs: number;
  /** Nobody touched it for so long that it counts as none. Its document stays, so that no late record can bring it back. */
  readonly isExpired?: true;
  readonly version: number;
}

/** Orders that a cart remembers; so many may be under way at a time. */
export const MOST_ORDERS = 5;

export const isUnderWay = ({ result }: Pick<CartOrder, 'result'>): boolean => result === 'under_way';

/** Never while an order is under way: what it took may have to come back. */
export const expiresAtMs = (cart: MemberCart): number | undefined =>
  cart.isExpired || cart.orders.some(isUnderWay) ? undefined : cart.expiresAtMs;

/** Nothing where there is none any more. */
export const linesOf = (cart: MemberCart | undefined): readonly CartLine[] => cart?.lines ?? [];
export const unitsIn = (lines: readonly CartUnits[], sku: string): number =>
  lines.find((line) => line.sku === sku)?.quantity ?? 0;

/** Sets the units of a SKU; 0 takes it out. A line keeps its place, and when it was added. */
export function withUnits(
  lines: readonly CartLine[],
  { sku, quantity }: CartUnits,
  { channel, atMs }: { readonly channel: string; readonly atMs: number },
): readonly CartLine[] {
  const known = lines.find((line) => line.sku === sku);
  if (known?.quantity === quantity || (!known && quantity === 0)) return lines;
  if (quantity === 0) return lines.filter((line) => line !== known);
  if (!known) return [...lines, { sku, quantity, channel, addedAtMs: atMs }];
  return lines.map((line) => (line === known ? { ...line, quantity, channel } : line));
}

/** What there is room for of units that are added. */
export const roomFor = (lines: readonly CartUnits[], { sku, quantity }: CartUnits): number => {
  const known = unitsIn(lines, sku);
  if (known === 0 && lines.length >= MAX_LINES) return 0;
  return Math.min(quantity, MAX_LINE_UNITS - known);
};

/** Of an order's lines, which may name a SKU several times. */
export function unitsBySku(lines: readonly CartUnits[]): CartUnits[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return [...units].map(([sku, quantity]) => ({ sku, quantity }));
}
