import type { PoolMembership } from '@shelfline/contracts/channel-pools';
import type { Awaited } from '@shelfline/contracts/incoming';
import type { HeldFor, Reserve } from '@shelfline/contracts/stock-delta';
import { DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import type { Allocation } from '@shelfline/contracts/stock-outcome';
import { channelUnitsOf, type PromiseContext, promisableOf } from './availability.js';
import { incomingCandidates } from './incoming-candidates.js';
import { awaitedOf } from './incoming-promises.js';
import { isBarred, type LocationFacts, type ProductFacts, TYPE_RANK } from './reference.js';
import { type Candidate, type Reservation, type Stock, type StockEvent, TOMBSTONE } from './stock.js';

/** Within one batch, trust and age of figures are judged anew this often, and whenever a day may have begun somewhere. */
const CANDIDATES_HOLD_MS = 1000;
/** Every zone's midnight falls on one. */
const QUARTER_HOUR_MS = 15 * 60 * 1000;
const quarterHourOf = (ms: number): number => Math.floor(ms / QUARTER_HOUR_MS);

/**
 * Choice of places and reservation are one decision, since one writer sees all places of the SKU. `all_or_nothing`
 * takes everything from one place where one has it, `split` fills from the candidates in order; both refuse when the
 * whole is short. `partial` takes what there is.
 */
export function reserveStock(command: Reserve, stock: Stock, context: PromiseContext): StockEvent[] {
  const { reservationId, quantity } = command;
  const request = requestOf(command);
  const existing = stock.findReservation(reservationId);
  if (existing) return [askedAgain(command, request, existing)];
  const expiresAtMs = Date.parse(command.expiresAt);
  if (expiresAtMs <= context.nowMs) return [refused(reservationId, quantity, 'already_expired')];
  if (expiresAtMs > context.nowMs + context.reference.longestHoldMs)
    return [refused(reservationId, quantity, 'expires_too_late')];
  const product = context.reference.findProduct(stock.sku);
  if (!product) return [refused(reservationId, quantity, 'unknown_sku')];
  const isAhead = command.against === 'incoming';
  const candidates = isAhead
    ? incomingCandidates(command, stock, product, context)
    : candidatesOf(command, stock, product, context);
  if (typeof candidates === 'string') return [refused(reservationId, quantity, candidates)];
  const { allocations, found } = allocate(candidates, quantity, command.mode);
  if (allocations.length === 0) return [refused(reservationId, quantity - found, 'short')];
  if (!isAhead) return accept(command, request, allocations, expiresAtMs);
  const awaited = allocations.map((one) => awaitedOf(stock.levels.get(one.location)!, one.quantity));
  return accept(command, request, [], expiresAtMs, awaited);
}

/** The same request again is answered with what it holds; what is over cannot be brought to life by asking again. */
function askedAgain({ reservationId, quantity }: Reserve, request: string, existing: Reservation): StockEvent {
  if (existing.request === TOMBSTONE) return refused(reservationId, quantity, 'already_released', existing.state);
  if (existing.request !== request) return refused(reservationId, quantity, 'conflict', existing.state);
  if (existing.state === 'RELEASED') return refused(reservationId, quantity, 'already_released', existing.state);
  if (existing.state === 'EXPIRED') return refused(reservationId, quantity, 'already_expired', existing.state);
  return {
    kind: 'answered',
    result: 'unchanged',
    reservationId,
    state: existing.state,
    allocations: existing.allocations,
    ...(existing.awaited ? { awaited: existing.awaited } : {}),
    shortUnits: quantity - unitsOf(existing.allocations) - unitsOf(existing.awaited ?? []),
  };
}

function accept(
  command: Reserve,
  request: string,
  allocations: readonly Allocation[],
  expiresAtMs: number,
  awaited: readonly Awaited[] = NOTHING_AWAITED,
): StockEvent[] {
  const { reservationId, quantity, channel = null, demand = null } = command;
  const state = command.lasting ? 'COMMITTED' : 'ACTIVE';
  const shortUnits = quantity - unitsOf(allocations) - unitsOf(awaited);
  const ahead = awaited.length > 0 ? { awaited } : {};
  return [
    ...allocations.map(
      ({ location, quantity: units }): StockEvent => ({ kind: 'stock_moved', location, change: { reserved: units } }),
    ),
    ...awaited.map(
      ({ location, quantity: units }): StockEvent => ({
        kind: 'stock_moved',
        location,
        change: { promisedIncoming: units },
      }),
    ),
    {
      kind: 'reservation_set',
      reservation: { reservationId, state, allocations, ...ahead, expiresAtMs, request, channel, demand },
    },
    {
      kind: 'answered',
      result: shortUnits > 0 ? 'partial' : 'accepted',
      reservationId,
      state,
      allocations,
      ...ahead,
      shortUnits,
    },
  ];
}
const NOTHING_AWAITED: readonly Awaited[] = [];

/** In the order in which they are taken, or why there are none. */
function candidatesOf(
  command: Reserve,
  stock: Stock,
  product: ProductFacts,
  context: PromiseContext,
): readonly Candidate[] | string {
  if (command.locations) {
    const candidates: Candidate[] = [];
    for (const code of new Set(command.locations)) {
      const location = context.reference.findLocation(code);
      if (!location) return 'unknown_location';
      const level = stock.levels.get(code);
      if (!level || isBarred(location, command.demand)) continue;
      candidates.push({
        location: code,
        units: promisableOf(level, location, product, command.channel ?? null, context),
      });
    }
    return candidates;
  }
  const channel = command.channel ?? DEFAULT_CHANNEL;
  const facts = context.reference.findChannel(channel);
  if (!facts) return 'unknown_channel';
  if (!facts.active) return 'inactive_channel';
  const name = `${channel}|${command.demand ?? ''}`;
  const known = stock.candidates?.get(name);
  const { nowMs } = context;
  if (known && nowMs - known.atMs <= CANDIDATES_HOLD_MS && quarterHourOf(nowMs) === quarterHourOf(known.atMs))
    return known.list;
  const list = rankedOf(channel, command.demand, stock, product, context);
  stock.candidates?.set(name, { atMs: nowMs, list });
  return list;
}

function rankedOf(
  channel: string,
  demand: Reserve['demand'],
  stock: Stock,
  product: ProductFacts,
  context: PromiseContext,
): readonly Candidate[] {
  const ranked: (Candidate & { rank: number })[] = [];
  for (const level of stock.levels.values()) {
    const location = context.reference.findLocation(level.location);
    if (!location || isBarred(location, demand)) continue;
    const membership = mostGenerous(location, channel);
    if (!membership) continue;
    const units = channelUnitsOf(level, location, product, membership, context);
    if (units > 0) ranked.push({ location: level.location, units, rank: TYPE_RANK[location.type] });
  }
  return ranked.sort((a, b) => a.rank - b.rank || (a.location < b.location ? -1 : 1));
}

/** A reservation names no region: the pool with the smallest buffer speaks for the location. */
function mostGenerous({ serves }: LocationFacts, channel: string): PoolMembership | undefined {
  let best: PoolMembership | undefined;
  for (const membership of serves)
    if (membership.channel === channel && (!best || membership.bufferUnits < best.bufferUnits)) best = membership;
  return best;
}

function allocate(
  candidates: readonly Candidate[],
  quantity: number,
  mode: Reserve['mode'],
): { allocations: Allocation[]; found: number } {
  if (mode === 'all_or_nothing') {
    const one = candidates.find(({ units }) => units >= quantity);
    if (one) return { allocations: [{ location: one.location, quantity }], found: quantity };
  }
  const allocations: Allocation[] = [];
  let left = quantity;
  for (const { location, units } of candidates) {
    if (left === 0) break;
    const taken = Math.min(left, units);
    if (taken > 0) allocations.push({ location, quantity: taken });
    left -= taken;
  }
  const found = quantity - left;
  return left === 0 || mode === 'partial' ? { allocations, found } : { allocations: [], found };
}

export const unitsOf = (allocations: readonly Pick<Allocation, 'quantity'>[]): number =>
  allocations.reduce((sum, { quantity }) => sum + quantity, 0);

const refused = (
  reservationId: string,
  shortUnits: number,
  reason: string,
  state?: Reservation['state'],
): StockEvent => ({
  kind: 'answered',
  result: 'refused',
  reservationId,
  ...(state ? { state } : {}),
  allocations: [],
  shortUnits,
  reason,
});

/** As whoever is promised what comes asks for it himself, before or afterwards. */
export const arrivalRequestOf = ({ quantity, mode, demand, expiresAt }: HeldFor, location: string): string =>
  requestOf({ quantity, locations: [location], mode, demand, expiresAt, lasting: true });

type Request = Pick<
  Reserve,
  'quantity' | 'locations' | 'channel' | 'mode' | 'demand' | 'expiresAt' | 'together' | 'lasting' | 'against'
>;
const requestOf = ({
  quantity,
  locations,
  channel,
  mode,
  demand,
  expiresAt,
  together,
  lasting,
  against,
}: Request): string =>
  JSON.stringify([
    quantity,
    locations ?? null,
    channel ?? null,
    mode,
    demand ?? null,
    expiresAt,
    ...(together === undefined ? [] : [together]),
    ...(lasting ? ['lasting'] : []),
    ...(against === 'incoming' ? ['incoming'] : []),
  ]);
