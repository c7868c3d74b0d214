import type { Order } from '@shelfline/orders/domain/order';
import type { SeededRandom } from '../../seeded-random.ts';

const STORES = 208;
const SKUS = 5000;
const CHANNELS = ['web', 'app', 'tmall', 'jd', 'pos'];
const DAYS = 60;
const DAY_MS = 86_400_000;
const GUEST_OF_THREE = 3;
/** Each member buys five times. */
const ORDERS_A_MEMBER = 5;
const MINUTE_MS = 60_000;

export const storeCode = (n: number): string => `store-${n % STORES}`;
export const orderIdOf = (n: number): string => `web-${n}`;
export const memberOf = (n: number, orders: number): string => `m-${n % Math.ceil(orders / ORDERS_A_MEMBER)}`;
export const channelOrderOf = (n: number): string => `TM-2026-${n}`;
export const channelOf = (n: number): string => CHANNELS[n % CHANNELS.length]!;
/** Number 0 is the newest; evenly over sixty days. */
export const placedAtMsOf = (n: number, orders: number, nowMs: number): number =>
  nowMs - Math.floor((n * DAYS * DAY_MS) / orders) - MINUTE_MS;

type Kind = 'done' | 'part' | 'cancelled' | 'sent' | 'worked' | 'routed' | 'waiting';
/** Of a thousand orders; those that are still open are as rare as on a good day. */
function kindOf(share: number): Kind {
  if (share < 900) return 'done';
  if (share < 920) return 'part';
  if (share < 965) return 'cancelled';
  if (share < 980) return 'sent';
  if (share < 990) return 'worked';
  return share < 998 ? 'routed' : 'waiting';
}
const STATES = {
  done: ['COMPLETED', 'DELIVERED'],
  part: ['PARTIALLY_COMPLETED', 'DELIVERED'],
  cancelled: ['CANCELLED', 'CANCELLED'],
  sent: ['IN_FULFILMENT', 'SHIPPED'],
  worked: ['IN_FULFILMENT', 'PICKING'],
  routed: ['ROUTED', 'ASSIGNED'],
  waiting: ['WAITING', 'REJECTED'],
} as const;
const STEPS = ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'] as const;

/** Two lines from one place, as it lies in the database after its last step; nothing of it is due while a bench runs. */
export function madeOrder(n: number, orders: number, nowMs: number, random: SeededRandom): Order {
  const orderId = orderIdOf(n);
  const kind = kindOf(random.between(0, 1000 - 1));
  const [state, taskState] = STATES[kind];
  const placedAtMs = placedAtMsOf(n, orders, nowMs);
  const location = storeCode(random.between(0, STORES - 1));
  const version = n + 1;
  const lines = [1, 2].map((i) => ({
    lineId: `${i}`,
    sku: `sku-${random.between(0, SKUS - 1)}`,
    quantity: 1 + random.between(0, 2 - 1),
    unitPriceMinor: 990 + random.between(0, 9000 - 1),
    cancelledUnits: 0,
  }));
  const hasGone = kind === 'done' || kind === 'part' || kind === 'sent';
  const holds = lines.map(({ lineId, sku, quantity }, i) => ({
    reservationId: `order/${orderId}/${lineId}/${i + 1}`,
    lineId,
    sku,
    quantity,
    locations: [location],
    location,
    state: hasGone ? ('fulfilled' as const) : ('held' as const),
    expiresAtMs: placedAtMs + 600_000,
    askedAtMs: placedAtMs,
    task: 1,
  }));
  const isOpen = kind !== 'cancelled' && kind !== 'waiting';
  const task = {
    number: 1,
    location,
    state: taskState,
    lines: lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })),
    assignedAtMs: placedAtMs + 40,
    changedAtMs: placedAtMs + 5 * MINUTE_MS,
    version,
    steps: STEPS.map((step, i) => ({ state: step, atMs: placedAtMs + i * MINUTE_MS })),
    by: `staff-${random.between(0, 1000 - 1)}`,
    ...(hasGone ? { tracking: `SF${n}` } : {}),
  };
  return {
    orderId,
    askedBy: `orders-api/place/${orderId}`,
    placed: {
      channel: channelOf(n),
      placedAt: new Date(placedAtMs - 200).toISOString(),
      currency: 'CNY',
      method: 'courier',
      destination: {
        region: `region-${n % 7}`,
        city: `city-${n % 26}`,
        latitude: 31.2,
        longitude: 121.4,
        address: `${n % 500} Nanjing East Road, flat ${n % 90}`,
        recipient: `Customer ${n}`,
        phone: '+86 138 0000 0000',
      },
      wish: 'split',
      payment: 'paid',
      ...(n % GUEST_OF_THREE === 0 ? {} : { memberId: memberOf(n, orders) }),
      channelOrder: channelOrderOf(n),
    },
    state,
    lines: kind === 'cancelled' ? lines.map((line) => ({ ...line, cancelledUnits: line.quantity })) : lines,
    holds: isOpen ? holds : [],
    holdsAsked: 2,
    tasks: [task],
    refusedBy: [],
    attempts: 1,
    isDecided: true,
    // Beyond any bench: time-outs of made orders would be worked off while it measures.
    ...(kind === 'waiting' ? { retryAtMs: nowMs + DAYS * DAY_MS, reason: 'no_stock' } : {}),
    ...(kind === 'done' || kind === 'part' || kind === 'cancelled' ? { isUntracked: true as const } : {}),
    placedAtMs,
    changedAtMs: placedAtMs + 5 * MINUTE_MS,
    version,
  };
}

const TOLD = [
  'placed',
  'line_reserved',
  'line_reserved',
  'task_assigned',
  ...STEPS.map(() => 'task_changed'),
  'completed',
];
/** What its stream would have written of it, an entry a step. */
export const madeEntries = ({ orderId, placedAtMs, tasks }: Order): object[] =>
  TOLD.map((type, i) => {
    const atMs = placedAtMs + i * MINUTE_MS;
    const version = atMs * 16 + i;
    return {
      _id: `orders-api/${orderId}/${i}`,
      contentHash: 'a'.repeat(44),
      partition: 0,
      offset: version,
      atMs,
      version,
      outcome: 'applied',
      orderId,
      told: [
        {
          orderId,
          type,
          at: new Date(atMs).toISOString(),
          version,
          state: 'IN_FULFILMENT',
          location: tasks[0]!.location,
          taskId: `${orderId}/1`,
          taskState: STEPS[Math.max(0, i - 4)] ?? 'DELIVERED',
        },
      ],
      commands: [],
    };
  });
