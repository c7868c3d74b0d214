import type { CancelOrder, PlaceOrder } from '@shelfline/contracts/order';
import type { SeededRandom } from '../seeded-random.ts';
import type { PlannedOrder } from './plan-orders.ts';
import type { PlannedRecord } from './planned-record.ts';
import { AHEAD_SKU, PLACES, START_MS, TROUBLE_MS, WAREHOUSE } from './setting.ts';

/** Of the histories with orders, so many are one in which something is sold before it is there. */
const JOINS_EVERY = 16;
export const joinsAhead = (seed: number): boolean => seed % JOINS_EVERY === 0;

const ORDERS = 8;
const DOCUMENTS = 2;
const DAY_MS = 86_400_000;
const SUPPLIER = 'supplier';
/** Expected, then ordered, then there: elsewhere as a rule before the delivery comes. */
const EXPECTED_UNTIL_MS = 1500;
const ORDERED_UNTIL_MS = TROUBLE_MS / 2;
const RISES_FROM_MS = 3000;
const COMES_FROM_MS = TROUBLE_MS / 2;

export interface PlannedAhead {
  readonly records: readonly PlannedRecord[];
  readonly orders: readonly PlannedOrder[];
}

/** What is expected at the warehouse, who orders it, and what comes there and elsewhere. */
export function plannedAhead(random: SeededRandom): PlannedAhead {
  const records: PlannedRecord[] = [];
  const add = (atMs: number, type: string, more: object) => {
    const occurredAt = new Date(START_MS + atMs).toISOString();
    const named = { id: `a${records.length + 1}`, source: SUPPLIER, type, sku: AHEAD_SKU, occurredAt };
    records.push({ atMs, key: AHEAD_SKU, value: JSON.stringify({ ...named, ...more }), misplaced: false });
  };
  const between = (fromMs: number, untilMs: number) => fromMs + random.next() * (untilMs - fromMs);
  for (let document = 1; document <= DOCUMENTS; document++) {
    const quantity = random.between(4, 9);
    const delivery = { location: WAREHOUSE, reference: `delivery-${document}`, quantity };
    const expectedAt = new Date(START_MS + random.between(2, 9) * DAY_MS).toISOString();
    add(between(0, EXPECTED_UNTIL_MS), 'expect', { ...delivery, ...(random.chance(0.8) ? { expectedAt } : {}) });
    const come = random.chance(0.6) ? quantity : random.between(1, quantity);
    add(between(COMES_FROM_MS, TROUBLE_MS), 'receipt', { ...delivery, quantity: come });
    if (come < quantity && random.chance(0.7))
      add(between(COMES_FROM_MS, TROUBLE_MS), 'expect', { ...delivery, quantity: quantity - come, withdrawn: true });
  }
  for (let document = 1; document <= DOCUMENTS; document++) {
    if (!random.chance(0.7)) continue;
    // Whoever delivers tells another day, before and after some of it has come.
    const expectedAt = new Date(START_MS + random.between(2, 20) * DAY_MS).toISOString();
    const delivery = { location: WAREHOUSE, reference: `delivery-${document}`, quantity: 0, expectedAt };
    add(between(RISES_FROM_MS, TROUBLE_MS), 'expect', delivery);
  }
  for (let i = random.between(2, 6); i > 0; i--)
    add(between(RISES_FROM_MS, TROUBLE_MS), 'receipt', {
      location: random.pick(PLACES),
      quantity: random.between(1, 3),
    });
  return { records, orders: Array.from({ length: ORDERS }, (_, i) => placedAhead(`A${i + 1}`, random)).flat() };
}

function placedAhead(orderId: string, random: SeededRandom): PlannedOrder[] {
  const message: PlaceOrder = {
    type: 'place',
    id: `place-${orderId}`,
    source: 'shop',
    orderId,
    channel: 'web',
    placedAt: new Date(START_MS).toISOString(),
    currency: 'CNY',
    lines: [{ lineId: '1', sku: AHEAD_SKU, quantity: random.between(1, 3), unitPriceMinor: 100 }],
    method: 'courier',
    wish: 'backorder',
    payment: 'paid',
    destination: { city: random.pick(PLACES) },
  };
  const atMs = EXPECTED_UNTIL_MS + random.next() * (ORDERED_UNTIL_MS - EXPECTED_UNTIL_MS);
  if (!random.chance(0.2)) return [{ atMs, message }];
  const cancel: CancelOrder = { type: 'cancel', id: `cancel-${orderId}`, source: 'shop', orderId };
  return [
    { atMs, message },
    { atMs: atMs + random.next() * ORDERED_UNTIL_MS, message: cancel },
  ];
}
