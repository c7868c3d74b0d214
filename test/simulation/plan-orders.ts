import type { CancelOrder, PlaceOrder } from '@shelfline/contracts/order';
import type { HoldOrder, ReleaseHold } from '@shelfline/contracts/order-hold';
import type { SeededRandom } from '../seeded-random.ts';
import type { Fault } from './plan-faults.ts';
import { FIRST_ORDERS_SLOT, ORDERS_SLOTS, PLACES, SKUS, START_MS, TROUBLE_MS } from './setting.ts';

const ORDERS = 22;
/** So many histories are one in which orders are taken: they cost twice as much as another. */
const JOINS_EVERY = 8;
const HELD_FIRST = 0.25;
/** As short as it may be, so that it ends within a history. */
const HELD_SECONDS = 10;
const LONGEST_DOUBT_MS = 4000;
export const joinsOrders = (seed: number): boolean => seed % JOINS_EVERY === 0;

export interface PlannedOrder {
  readonly atMs: number;
  readonly message: PlaceOrder | CancelOrder | HoldOrder | ReleaseHold;
}

/** What shops ask: orders of every method and wish, a few of them cancelled, perhaps before anybody has heard of them. */
export function plannedOrders(random: SeededRandom): PlannedOrder[] {
  return Array.from({ length: ORDERS }, (_, i) => {
    const message = placing(`O${i + 1}`, random);
    // Orders come in waves, as everything does.
    const wave = Math.floor(random.next() * 6) * (TROUBLE_MS / 6);
    const atMs = random.chance(0.6) ? wave + random.next() * 40 : random.next() * TROUBLE_MS;
    if (random.chance(HELD_FIRST)) return heldFirst(atMs, message, random);
    if (!random.chance(0.25)) return [{ atMs, message }];
    const cancel: CancelOrder = { type: 'cancel', id: `cancel-${i + 1}`, source: 'shop', orderId: message.orderId };
    return [
      { atMs, message },
      { atMs: atMs + random.next() * (random.chance(0.5) ? 60 : 4000), message: cancel },
    ];
  }).flat();
}

/** A basket that is held, and then ordered, given back, or forgotten until its time is over. */
function heldFirst(atMs: number, order: PlaceOrder, random: SeededRandom): PlannedOrder[] {
  const { orderId, channel, source, method, lines, store, destination } = order;
  const hold: HoldOrder = {
    type: 'hold',
    id: `hold-${orderId}`,
    source,
    orderId,
    channel,
    lines: lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })),
    ttlSeconds: HELD_SECONDS,
    method,
    ...(store === undefined ? {} : { store }),
    ...(destination === undefined ? {} : { destination }),
  };
  const held = { atMs, message: hold };
  const laterMs = atMs + random.next() * LONGEST_DOUBT_MS;
  const release: ReleaseHold = { type: 'hold_release', id: `release-${orderId}`, source, orderId };
  return random.weighted<() => PlannedOrder[]>([
    [5, () => [held, { atMs: laterMs, message: order }]],
    [2, () => [held, { atMs: laterMs, message: release }]],
    [2, () => [held]],
  ])();
}

function placing(orderId: string, random: SeededRandom): PlaceOrder {
  const method = random.pick(['courier', 'courier', 'same_city', 'pickup', 'guide_visit', 'carry_out'] as const);
  const isCollected = method === 'pickup' || method === 'carry_out';
  const skus = SKUS.filter(() => random.chance(0.35));
  const lines = (skus.length > 0 ? skus : [random.pick(SKUS)]).map((sku, i) => ({
    lineId: `${i + 1}`,
    sku,
    quantity: random.between(1, 3),
    unitPriceMinor: 100,
  }));
  const where = random.pick(PLACES);
  return {
    type: 'place',
    id: `place-${orderId}`,
    source: 'shop',
    orderId,
    channel: 'web',
    placedAt: new Date(START_MS).toISOString(),
    currency: 'CNY',
    lines,
    method,
    wish: random.pick(['split', 'split', 'wait_for_all', 'cancel_rest'] as const),
    payment: 'paid',
    ...(isCollected ? { store: where } : { destination: { city: where } }),
  };
}

export function orderFaultsOf(random: SeededRandom): Fault[] {
  return Array.from({ length: random.between(2, 5) }, () => {
    const atMs = random.next() * TROUBLE_MS;
    const slot = FIRST_ORDERS_SLOT + random.between(0, ORDERS_SLOTS - 1);
    return random.weighted<() => Fault>([
      [4, () => ({ kind: 'kill', atMs, slot, downMs: random.between(50, 4000) })],
      [4, () => ({ kind: 'freeze', atMs, slot, forMs: random.between(300, 8000) })],
      [1, () => ({ kind: 'restart', atMs, slot, downMs: random.between(10, 2000) })],
      [1, () => ({ kind: 'expel', atMs, slot })],
    ])();
  });
}
