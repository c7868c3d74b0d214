import type { StockCommand } from '@shelfline/contracts/stock-delta';
import type {
  Allocation,
  ReservationOutcome,
  ReservationState,
  ShortfallNotice,
} from '@shelfline/contracts/stock-outcome';

type Reserve = Extract<StockCommand, { type: 'reserve' }>;
type Step = Extract<StockCommand, { type: 'release' | 'fulfil' }>;
export interface Reservation {
  readonly reservationId: string;
  readonly sku: string;
  readonly quantity: number;
  /** None of a tombstone: it was released before it was asked for. */
  readonly allocations: readonly Allocation[];
  readonly state: ReservationState;
  readonly expiresAtMs: number;
}

const STEPS: Readonly<Record<Step['type'], { from: readonly ReservationState[]; to: ReservationState }>> = {
  release: { from: ['ACTIVE', 'COMMITTED'], to: 'RELEASED' },
  fulfil: { from: ['ACTIVE', 'COMMITTED'], to: 'FULFILLED' },
};
export const isLive = ({ state }: Pick<Reservation, 'state'>): boolean => state === 'ACTIVE' || state === 'COMMITTED';
const keyOf = (sku: string, location: string): string => `${sku}@${location}`;

/**
 * The reservations of the stock ledger (design.md "Reservations"), as much of them as orders ask for: one place has it all,
 * or those named have it together, or it is refused; the same command id again gets the same answer; a release of what is not known is remembered.
 */
export class FakeLedger {
  readonly reservations = new Map<string, Reservation>();
  private readonly onHand = new Map<string, number>();
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

  onHandOf(sku: string, location: string): number {
    return this.onHand.get(keyOf(sku, location)) ?? 0;
  }
  reservedOf(sku: string, location: string): number {
    const parts = this.liveAt(sku, location).flatMap(({ allocations }) => allocations);
    return parts.reduce((sum, part) => sum + (part.location === location ? part.quantity : 0), 0);
  }
  availableOf(sku: string, location: string): number {
    return this.onHandOf(sku, location) - this.reservedOf(sku, location);
  }
  live(): Reservation[] {
    return [...this.reservations.values()].filter(isLive);
  }

  /** What was never made lasting ends at its time. */
  expire(nowMs: number): void {
    for (const one of this.live())
      if (one.state === 'ACTIVE' && one.expiresAtMs <= nowMs) this.keep({ ...one, state: 'EXPIRED' });
  }

  handle(command: StockCommand, nowMs: number): ReservationOutcome {
    this.expire(nowMs);
    const known = this.answers.get(command.id);
    if (known) return known;
    const answer = command.type === 'reserve' ? this.reserve(command, nowMs) : this.step(command as Step);
    this.answers.set(command.id, answer);
    return answer;
  }

  private reserve(command: Reserve, nowMs: number): ReservationOutcome {
    const { reservationId, sku, quantity, locations = [] } = command;
    const known = this.reservations.get(reservationId);
    const expiresAtMs = Date.parse(command.expiresAt);
    if (known) return this.refuse(command, `already_${known.state.toLowerCase()}`, quantity);
    if (expiresAtMs <= nowMs) return this.refuse(command, 'already_expired', quantity);
    const allocations = this.allocate(sku, quantity, locations);
    if (allocations.length === 0) return this.refuse(command, 'short', quantity);
    this.keep({
      reservationId,
      sku,
      quantity,
      allocations,
      state: command.lasting ? 'COMMITTED' : 'ACTIVE',
      expiresAtMs,
    });
    return this.answer(command, { result: 'accepted', allocations, shortUnits: 0 });
  }

  private allocate(sku: string, quantity: number, locations: readonly string[]): Allocation[] {
    const whole = locations.find((place) => this.availableOf(sku, place) >= quantity);
    if (whole !== undefined) return [{ location: whole, quantity }];
    let left = quantity;
    const parts = locations.map((location) => {
      const units = Math.min(left, Math.max(0, this.availableOf(sku, location)));
      left -= units;
      return { location, quantity: units };
    });
    return left > 0 ? [] : parts.filter((part) => part.quantity > 0);
  }

  private step(command: Step): ReservationOutcome {
    const { type, reservationId, sku } = command;
    const { from, to } = STEPS[type];
    const known = this.reservations.get(reservationId);
    if (!known && type !== 'release') return this.refuse(command, 'unknown_reservation', 0);
    if (known?.state === to) return this.answer(command, { result: 'unchanged', allocations: [], shortUnits: 0 });
    if (known && !from.includes(known.state))
      return this.refuse(command, `not_possible_when_${known.state.toLowerCase()}`, 0);
    if (known && type === 'release' && command.quantity !== undefined && command.quantity < known.quantity)
      return this.releaseInPart(command, known, command.quantity);
    if (type === 'fulfil')
      for (const { location, quantity } of known!.allocations) this.receive(sku, location, -quantity);
    this.keep(
      known ? { ...known, state: to } : { reservationId, sku, quantity: 0, allocations: [], state: to, expiresAtMs: 0 },
    );
    return this.answer(command, { result: 'accepted', allocations: [], shortUnits: 0 });
  }

  /** Orders hold each reservation at one place. */
  private releaseInPart(command: Step, known: Reservation, units: number): ReservationOutcome {
    const quantity = known.quantity - units;
    const allocations = known.allocations.map(({ location }) => ({ location, quantity }));
    this.keep({ ...known, quantity, allocations });
    return this.answer(command, { result: 'accepted', allocations, shortUnits: 0 });
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
