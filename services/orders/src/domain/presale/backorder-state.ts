import type { Awaited } from '@shelfline/contracts/incoming';
import type { Hold, Order } from '../order.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** When the customer’s parcel is expected to leave; undefined where nobody has told when the goods come. */
export function leavesAtMs({ expectedAt }: Awaited, { ahead }: Hold): number | undefined {
  if (expectedAt === undefined) return undefined;
  return Date.parse(expectedAt) + (ahead?.handlingDays ?? 0) * DAY_MS;
}

/** When the goods are expected to come in. */
export const comesAtMs = ({ expectedAtMs, ahead }: Hold): number | undefined =>
  expectedAtMs === undefined ? undefined : expectedAtMs - (ahead?.handlingDays ?? 0) * DAY_MS;

const FIRST_LOOK_MS = 10 * 60 * 1000;

/**
 * For as long as it awaits anything: of a piece that rises hundreds of orders hear, so refusals must not use its tries up.
 * Each makes the next wait longer, and it goes to and fro between deliveries and stock no more often than it has tasks.
 */
export const looksElsewhere = ({ holds }: Pick<Order, 'holds'>): boolean =>
  holds.some(({ state }) => state === 'awaited');

/** Of what it would take units that stand elsewhere. */
export const awaitedSkus = (order: Order): string[] =>
  looksElsewhere(order) ? order.holds.flatMap(({ state, sku }) => (state === 'awaited' ? [sku] : [])) : [];

/** When it looks by time; undefined = it does not. */
export function looksAtMs(order: Order): number | undefined {
  if (!looksElsewhere(order)) return undefined;
  if (order.elsewhere) return order.elsewhere.lookAtMs;
  const awaited = order.holds.filter(({ state }) => state === 'awaited');
  return Math.min(...awaited.map(({ askedAtMs }) => askedAtMs)) + FIRST_LOOK_MS;
}

export interface BackorderedUnits {
  readonly awaitedUnits?: number;
  readonly expectedAt?: string;
}

/** Of a line, or of all of them: what is promised against deliveries, and when the last of it is expected to leave. */
export function backorderedOf({ holds }: Order, lineId?: string): BackorderedUnits {
  const awaited = holds.filter((hold) => hold.state === 'awaited' && (lineId === undefined || hold.lineId === lineId));
  if (awaited.length === 0) return {};
  const awaitedUnits = awaited.reduce((sum, { quantity }) => sum + quantity, 0);
  const days = awaited.map(({ expectedAtMs }) => expectedAtMs);
  // A day for a part would be taken for the day of all of it.
  if (days.includes(undefined)) return { awaitedUnits };
  return { awaitedUnits, expectedAt: new Date(Math.max(...(days as number[]))).toISOString() };
}
