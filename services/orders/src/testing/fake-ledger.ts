import type { ArrivalNotice, Awaited, DeliveryMovedNotice } from '@shelfline/contracts/incoming';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type {
  Allocation,
  ReservationOutcome,
  ReservationState,
  ShortfallNotice,
} from '@shelfline/contracts/stock-outcome';

type Reserve = Extract<StockCommand, { type: 'reserve' }>;
type Reduce = Extract<StockCommand, { type: 'reduce' }>;
type Step = Extract<StockCommand, { type: 'release' | 'fulfil' }>;
export interface Reservation {
  readonly reservationId: string;
  readonly sku: string;
  readonly quantity: number;
  /** None of a tombstone: it was released before it was asked for. */
  readonly allocations: readonly Allocation[];
  readonly state: ReservationState;
  readonly expiresAtMs: number;
  /** What was asked for; absent of a tombstone. */
  readonly request?: string;
  /** Promised against a delivery; all of it comes at once. */
  readonly awaited?: Awaited;
}

const STEPS: Readonly<Record<Step['type'], { from: readonly ReservationState[]; to: ReservationState }>> = {
  release: { from: ['ACTIVE', 'COMMITTED'], to: 'RELEASED' },
  fulfil: { from: ['ACTIVE', 'COMMITTED'], to: 'FULFILLED' },
};
export const isLive = ({ state }: Pick<Reservation, 'state'>): boolean => state === 'ACTIVE' || state === 'COMMITTED';
const requestOf = ({
  quantity,
  locations,
  mode,
  expiresAt,
}: Pick<Reserve, 'quantity' | 'locations' | 'mode' | 'expiresAt'>): string =>
  JSON.stringify([quantity, locations, mode, expiresAt]);
/** When whatever is expected is expected. */
export const EXPECTED_AT = '2026-06-11T08:00:00.000Z';
const keyOf = (sku: string, location: string): string => `${sku}@${location}`;

/**
 * The reservations of the stock ledger (design.md "Reservations"), as much of them as orders ask for: one place has it all,
 * or those named have it together, or it is refused; the same command id again gets the same answer; a release of what is not known is remembered.
 */
export class FakeLedger {
  readonly reservations = new Map<string, Reservation>();
  private readonly onHand = new Map<string, number>();
  private readonly damaged = new Map<string, number>();
  private readonly recorded = new Set<string>();
  private readonly incoming = new Map<string, number>();
  private readonly answers = new Map<string, ReservationOutcome>();
  private version = 0;

  /** Counts what is there: `{ A: { shop: 3 } }`. */
  constructor(units: Readonly<Record<string, Readonly<Record<string, number>>>> = {}) {
    for (const [sku, places] of Object.entries(units))
      for (const [location, quantity] of Object.entries(places)) this.receive(sku, location, quantity);
  }

  receive(sku: string, location: string, quantity: number): void {
    this.onHand.set(keyOf(sku, location), this.onHandOf(sku, location) + quantity);
  }

  /** A till sells what it has in the hand, promised or not; the newest promises are in danger. */
  sell(sku: string, location: string, quantity: number): ShortfallNotice | undefined {
    const sold = Math.min(quantity, this.onHandOf(sku, location));
    const shortBefore = Math.max(0, -this.availableOf(sku, location));
    this.receive(sku, location, -sold);
    const shortUnits = Math.max(0, -this.availableOf(sku, location));
    if (shortUnits <= shortBefore) return undefined;
    const endangered: { reservationId: string; quantity: number }[] = [];
    for (const one of this.liveAt(sku, location).toReversed()) {
      if (endangered.reduce((sum, { quantity: units }) => sum + units, 0) >= shortUnits) break;
      endangered.push({ reservationId: one.reservationId, quantity: one.quantity });
    }
    const version = ++this.version;
    return {
      type: 'shortfall',
      id: `short/${version}`,
      source: 'till',
      sku,
      location,
      shortUnits,
      endangered,
      version,
    };
  }

  /** Less of it than was promised takes back the newest promises. */
  expect(sku: string, location: string, quantity: number): ShortfallNotice | undefined {
    const open = this.incoming.get(keyOf(sku, location)) ?? 0;
    this.incoming.set(keyOf(sku, location), Math.max(0, open + quantity));
    const shortUnits = -this.arrivingOf(sku, location);
    if (shortUnits <= 0) return undefined;
    const endangered: { reservationId: string; quantity: number }[] = [];
    for (const one of this.awaitingAt(sku, location).toReversed()) {
      if (this.arrivingOf(sku, location) >= 0) break;
      const { awaited: _, ...rest } = one;
      this.keep({ ...rest, state: 'RELEASED' });
      endangered.push({ reservationId: one.reservationId, quantity: one.quantity });
    }
    const version = ++this.version;
    const named = { id: `short/${version}`, source: 'supplier', sku, location };
    return { type: 'shortfall', ...named, of: 'incoming', shortUnits, endangered, version };
  }

  /** Whatever is promised of deliveries there is expected another day; absent = nobody can tell. */
  redate(sku: string, location: string, expectedAt?: string): DeliveryMovedNotice | undefined {
    const day = expectedAt === undefined ? {} : { expectedAt };
    const moved = this.awaitingAt(sku, location).filter(({ awaited }) => awaited!.expectedAt !== expectedAt);
    for (const one of moved) this.keep({ ...one, awaited: { location, quantity: one.awaited!.quantity, ...day } });
    const version = ++this.version;
    const reservations = moved.map(({ reservationId, quantity }) => ({ reservationId, quantity, ...day }));
    const named = { id: `moved/${version}`, source: 'supplier', sku, location };
    return moved.length > 0 ? { type: 'delivery_moved', ...named, reservations, version } : undefined;
  }

  /** A delivery: the oldest promises that it covers hold it from now on. */
  arrive(sku: string, location: string, quantity: number): ArrivalNotice | undefined {
    this.receive(sku, location, quantity);
    const open = this.incoming.get(keyOf(sku, location)) ?? 0;
    this.incoming.set(keyOf(sku, location), Math.max(0, open - quantity));
    const reservations: { reservationId: string; quantity: number }[] = [];
    for (const { awaited, ...one } of this.awaitingAt(sku, location)) {
      if (this.availableOf(sku, location) < one.quantity) break;
      this.keep({ ...one, allocations: [{ location, quantity: awaited!.quantity }] });
      reservations.push({ reservationId: one.reservationId, quantity: one.quantity });
    }
    // What is promised still is taken for still expected.
    if (this.arrivingOf(sku, location) < 0)
      this.incoming.set(
        keyOf(sku, location),
        this.awaitingAt(sku, location).reduce((sum, one) => sum + one.quantity, 0),
      );
    const version = ++this.version;
    const named = { id: `arrival/${version}`, source: 'supplier', sku, location };
    return reservations.length > 0 ? { type: 'arrival', ...named, reservations, version } : undefined;
  }

  arrivingOf(sku: string, location: string): number {
    const promised = this.awaitingAt(sku, location).reduce((sum, { quantity }) => sum + quantity, 0);
    return (this.incoming.get(keyOf(sku, location)) ?? 0) - promised;
  }
  private awaitingAt(sku: string, location: string): Reservation[] {
    return this.live().filter((one) => one.sku === sku && one.awaited?.location === location);
  }

  onHandOf(sku: string, location: string): number {
    return this.onHand.get(keyOf(sku, location)) ?? 0;
  }
  reservedOf(sku: string, location: string): number {
    const parts = this.liveAt(sku, location).flatMap(({ allocations }) => allocations);
    return parts.reduce((sum, part) => sum + (part.location === location ? part.quantity : 0), 0);
  }
  availableOf(sku: string, location: string): number {
    return this.onHandOf(sku, location) - this.damagedOf(sku, location) - this.reservedOf(sku, location);
  }
  damagedOf(sku: string, location: string): number {
    return this.damaged.get(keyOf(sku, location)) ?? 0;
  }
  live(): Reservation[] {
    return [...this.reservations.values()].filter(isLive);
  }

  /** What was never made lasting ends at its time. */
  expire(nowMs: number): void {
    for (const one of this.live())
      if (one.state === 'ACTIVE' && one.expiresAtMs <= nowMs) this.keep({ ...one, state: 'EXPIRED' });
  }

  private reduce({ reservationId, keep, ...command }: Reduce): ReservationOutcome {
    const known = this.reservations.get(reservationId);
    const asked = { ...command, reservationId } as unknown as Step;
    if (!known || !isLive(known)) return this.refuse(asked, 'not_possible', 0);
    if (known.awaited) {
      this.keep({ ...known, quantity: keep, awaited: { ...known.awaited, quantity: keep } });
      return this.answer(asked, { result: 'accepted', allocations: [], shortUnits: 0 });
    }
    const [{ location }] = known.allocations as [Allocation];
    this.keep({ ...known, quantity: keep, allocations: [{ location, quantity: keep }] });
    return this.answer(asked, { result: 'accepted', allocations: [{ location, quantity: keep }], shortUnits: 0 });
  }

  handle(command: StockCommand, nowMs: number): ReservationOutcome {
    this.expire(nowMs);
    const known = this.answers.get(command.id);
    if (known) return known;
    const answer =
      command.type === 'reserve'
        ? this.reserve(command, nowMs)
        : command.type === 'reduce'
          ? this.reduce(command)
          : this.step(command as Step);
    this.answers.set(command.id, answer);
    return answer;
  }

  /** Facts, each once: what comes, goes and breaks, and what is held for somebody as it comes. */
  record(fact: StockFact): void {
    if (this.recorded.has(fact.id)) return;
    this.recorded.add(fact.id);
    const { type, sku, location, quantity } = fact;
    if (type === 'transfer_out') this.receive(sku, location, -quantity);
    if (type === 'damage') this.damaged.set(keyOf(sku, location), this.damagedOf(sku, location) + quantity);
    if (type === 'adjustment') this.receive(sku, location, quantity);
    if (type !== 'transfer_in' && type !== 'return') return;
    this.receive(sku, location, quantity);
    const { heldFor } = fact;
    if (!heldFor || this.reservations.has(heldFor.reservationId)) return;
    const free = Math.max(0, this.availableOf(sku, location));
    const units = heldFor.mode === 'partial' ? Math.min(free, heldFor.quantity) : heldFor.quantity;
    if (units === 0 || units > free) return;
    const { reservationId, expiresAt } = heldFor;
    const allocations = [{ location, quantity: units }];
    const request = requestOf({ ...heldFor, locations: [location] });
    const expiresAtMs = Date.parse(expiresAt);
    this.keep({ reservationId, sku, quantity: units, allocations, state: 'COMMITTED', expiresAtMs, request });
  }

  private reserve(command: Reserve, nowMs: number): ReservationOutcome {
    const { reservationId, sku, quantity, locations = [] } = command;
    const known = this.reservations.get(reservationId);
    const expiresAtMs = Date.parse(command.expiresAt);
    if (known && isLive(known) && known.request === requestOf(command))
      return this.answer(command, { result: 'unchanged', allocations: [...known.allocations], shortUnits: 0 });
    if (known) return this.refuse(command, `already_${known.state.toLowerCase()}`, quantity);
    if (expiresAtMs <= nowMs) return this.refuse(command, 'already_expired', quantity);
    if (command.against === 'incoming') return this.promiseAhead(command, expiresAtMs);
    const allocations = this.allocate(sku, quantity, locations, command.mode === 'partial');
    if (allocations.length === 0) return this.refuse(command, 'short', quantity);
    this.keep({
      reservationId,
      sku,
      quantity,
      allocations,
      state: command.lasting ? 'COMMITTED' : 'ACTIVE',
      expiresAtMs,
      request: requestOf(command),
    });
    const shortUnits = quantity - allocations.reduce((sum, part) => sum + part.quantity, 0);
    return this.answer(command, { result: shortUnits > 0 ? 'partial' : 'accepted', allocations, shortUnits });
  }

  private promiseAhead(command: Reserve, expiresAtMs: number): ReservationOutcome {
    const { reservationId, sku, quantity, locations = [] } = command;
    const location = locations.find((place) => this.arrivingOf(sku, place) >= quantity);
    if (location === undefined) return this.refuse(command, 'short', quantity);
    const awaited = { location, quantity, expectedAt: EXPECTED_AT };
    const request = requestOf(command);
    this.keep({ reservationId, sku, quantity, allocations: [], awaited, state: 'COMMITTED', expiresAtMs, request });
    return { ...this.answer(command, { result: 'accepted', allocations: [], shortUnits: 0 }), awaited: [awaited] };
  }

  private allocate(sku: string, quantity: number, locations: readonly string[], isPartial = false): Allocation[] {
    const whole = locations.find((place) => this.availableOf(sku, place) >= quantity);
    if (whole !== undefined) return [{ location: whole, quantity }];
    let left = quantity;
    const parts = locations.map((location) => {
      const units = Math.min(left, Math.max(0, this.availableOf(sku, location)));
      left -= units;
      return { location, quantity: units };
    });
    return left > 0 && !isPartial ? [] : parts.filter((part) => part.quantity > 0);
  }

  private step(command: Step): ReservationOutcome {
    const { type, reservationId, sku } = command;
    const { from, to } = STEPS[type];
    const known = this.reservations.get(reservationId);
    if (!known && type !== 'release') return this.refuse(command, 'unknown_reservation', 0);
    if (known?.state === to) return this.answer(command, { result: 'unchanged', allocations: [], shortUnits: 0 });
    if (known && !from.includes(known.state))
      return this.refuse(command, `not_possible_when_${known.state.toLowerCase()}`, 0);
    if (type === 'fulfil')
      for (const { location, quantity } of known!.allocations) this.receive(sku, location, -quantity);
    this.keep(
      known ? { ...known, state: to } : { reservationId, sku, quantity: 0, allocations: [], state: to, expiresAtMs: 0 },
    );
    return this.answer(command, { result: 'accepted', allocations: [], shortUnits: 0 });
  }

  private keep(reservation: Reservation): void {
    this.reservations.set(reservation.reservationId, reservation);
  }
  private liveAt(sku: string, location: string): Reservation[] {
    return this.live().filter((one) => one.sku === sku && one.allocations.some((part) => part.location === location));
  }
  private refuse(command: Reserve | Step, reason: string, shortUnits: number): ReservationOutcome {
    return this.answer(command, { result: 'refused', allocations: [], shortUnits, reason });
  }
  private answer(
    { id, source, sku, reservationId, type }: Reserve | Step,
    said: Pick<ReservationOutcome, 'result' | 'allocations' | 'shortUnits' | 'reason'>,
  ): ReservationOutcome {
    return { type: 'reservation', id, source, sku, reservationId, command: type, ...said, version: ++this.version };
  }
}
