import type { Location } from '@shelfline/contracts/catalog';
import type { AvailabilityWish, FulfilmentMethod } from '@shelfline/contracts/order';
import {
  DERIVED_CHANNELS,
  DERIVED_WAREHOUSES,
  deriveStore,
  spread,
  storeCode,
} from '@shelfline/launch/derived-network';
import { SeededRandom } from '../../seeded-random.ts';
import type { Basket } from './till-baskets.ts';

/**
 * The tills know neither customers nor methods: what follows is DERIVED, from a basket's number and one seed.
 * - 45 % are sent by courier and 15 % within the city, 20 % are collected where the basket was sold, 15 % are sold by
 *   that store's staff and sent from elsewhere (endless aisle), 5 % are carried out of it.
 * - Seven of ten customers live in the city of the basket's store, up to some 15 km from it; the others in the city of
 *   any store.
 * - Of what is not all there three of five take what there is and wait for the rest, one waits for all, one drops the rest.
 * - One of thirty cancels within his first two seconds.
 */
export interface MadeOrder {
  readonly orderId: string;
  readonly channel: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly method: FulfilmentMethod;
  readonly wish: AvailabilityWish;
  readonly store?: string;
  readonly soldAt?: string;
  readonly soldBy?: string;
  readonly destination?: object;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
}
export interface PlannedOrder {
  readonly order: MadeOrder;
  readonly cancelAfterMs?: number;
}

type Kind = 'courier' | 'same_city' | 'pickup' | 'endless_aisle' | 'carry_out';
const KINDS = [
  [45, 'courier'],
  [15, 'same_city'],
  [20, 'pickup'],
  [15, 'endless_aisle'],
  [5, 'carry_out'],
] as const satisfies readonly (readonly [number, Kind])[];
const WISHES = [
  [3, 'split'],
  [1, 'wait_for_all'],
  [1, 'cancel_rest'],
] as const;
const HOME_SHARE = 0.7;
const CANCELLED_SHARE = 1 / 30;
const LONGEST_DOUBT_MS = 2000;
/** Of a degree: some 15 km. */
const AROUND = 0.135;

export function makeOrder(basket: Basket, storeIds: readonly string[], seed: number): PlannedOrder {
  const random = new SeededRandom(seed ^ spread(basket.basketId));
  const kind = random.weighted<Kind>(KINDS);
  const store = storeCode(basket.storeId);
  const home = deriveStore(random.chance(HOME_SHARE) ? basket.storeId : random.pick(storeIds));
  const wish = random.weighted(WISHES);
  const destination = addressNear(home, random);
  const order: MadeOrder = {
    orderId: `o-${basket.basketId}`,
    channel: 'web',
    placedAt: new Date().toISOString(),
    currency: 'USD',
    lines: basket.lines.map(({ sku, quantity }, i) => ({
      lineId: String(i + 1),
      sku,
      quantity,
      unitPriceMinor: 99 + (spread(sku) % 2000),
    })),
    ...byKind(kind, { store, wish, destination }),
  };
  const isDropped = random.chance(CANCELLED_SHARE);
  return isDropped ? { order, cancelAfterMs: random.between(0, LONGEST_DOUBT_MS) } : { order };
}

function byKind(
  kind: Kind,
  { store, wish, destination }: { store: string; wish: AvailabilityWish; destination: object },
): Pick<MadeOrder, 'method' | 'wish' | 'store' | 'soldAt' | 'soldBy' | 'destination'> {
  switch (kind) {
    case 'pickup':
      return { method: 'pickup', store, wish };
    // What a customer has in his hands is there, or is not bought.
    case 'carry_out':
      return { method: 'carry_out', store, soldAt: store, wish: 'cancel_rest' };
    case 'endless_aisle':
      return { method: 'courier', soldAt: store, soldBy: 'staff-1', destination, wish };
    case 'courier':
    case 'same_city':
      return { method: kind, destination, wish };
  }
}

const addressNear = ({ city, region, latitude, longitude }: Location, random: SeededRandom): object => ({
  city,
  region,
  latitude: latitude! + (2 * random.next() - 1) * AROUND,
  longitude: longitude! + (2 * random.next() - 1) * AROUND,
  address: `${random.between(1, 999)} Main Street`,
  recipient: 'A. Customer',
  phone: '0100000000',
});

/** Always open and as many orders a day as come: neither the hour nor the length of a run decides what becomes of one. */
const withoutLimits = ({ openingHours: _hours, capacityPerDay: _capacity, ...place }: Location): Location => ({
  ...place,
  safetyStock: 0,
});

export const placesFor = (storeIds: readonly string[]): Location[] =>
  [...DERIVED_WAREHOUSES, ...storeIds.map(deriveStore)].map(withoutLimits);

/** To the last piece, so that orders really want the same ones. */
export const CHANNELS = DERIVED_CHANNELS.map((channel) => ({
  ...channel,
  pools: channel.pools.map((pool) => ({ ...pool, bufferUnits: 0 })),
}));
