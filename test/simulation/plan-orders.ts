import type { CancelOrder, PlaceOrder } from '@shelfline/contracts/order';
import type { SeededRandom } from '../seeded-random.ts';
import type { Fault } from './plan-faults.ts';
import { FIRST_ORDERS_SLOT, ORDERS_SLOTS, PLACES, SKUS, START_MS, TROUBLE_MS } from './setting.ts';

const ORDERS = 22;
/** So many histories are one in which orders are taken: they cost twice as much as another. */
const JOINS_EVERY = 8;
export const joinsOrders = (seed: number): boolean => seed % JOINS_EVERY === 0;

export interface PlannedOrder {
  readonly atMs: number;
  readonly message: PlaceOrder | CancelOrder;
}

/** What shops ask: orders of every method and wish, a few of them cancelled, perhaps before anybody has heard of them. */
export function plannedOrders(random: SeededRandom): PlannedOrder[] {
  return Array.from({ length: ORDERS }, (_, i) => {
    const message = placing(`O${i + 1}`, random);
    // Orders come in waves, as everything does.
    const wave = Math.floor(random.next() * 6) * (TROUBLE_MS / 6);
    const atMs = random.chance(0.6) ? wave + random.next() * 40 : random.next() * TROUBLE_MS;
    if (!random.chance(0.25)) return [{ atMs, message }];
    const cancel: CancelOrder = { type: 'cancel', id: `cancel-${i + 1}`, source: 'shop', orderId: message.orderId };
    return [
      { atMs, message },
      { atMs: atMs + random.next() * (random.chance(0.5) ? 60 : 4000), message: cancel },
    ];
  }).flat();
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
