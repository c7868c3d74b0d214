import type { Buckets, Entry, Message } from './ledger-records.ts';

/** Of a reservation, what it has and what it waits for. */
export interface Awaiting {
  state: string;
  held: Record<string, number>;
  awaited?: Record<string, number>;
  /** The order in which they were made. */
  made?: number;
  /** When the last of what it awaits is expected, by place; absent where nobody can tell. */
  days?: Record<string, number | undefined>;
}

/** Units of a document that have not come, in the order in which documents were heard of. */
interface Open {
  readonly reference: string;
  units: number;
  atMs?: number | undefined;
}

/**
 * Promises of deliveries once more: what comes goes to the oldest, of what does not come any more the newest are taken back,
 * whole. It says what a record moves between the two, before anything of it is applied.
 */
export class AheadModel {
  /** Units promised of deliveries, by level. */
  readonly promised = new Map<string, number>();
  private readonly held: ReadonlyMap<string, Awaiting>;
  private readonly open = new Map<string, Open[]>();
  /** Days that moved, each as often as it did: whoever awaits has to hear of it. */
  readonly moved: { readonly reservationId: string; readonly atMs: number | undefined }[] = [];
  private made = 0;

  constructor(held: ReadonlyMap<string, Awaiting>) {
    this.held = held;
  }

  promisedAt(key: string): number {
    return this.promised.get(key) ?? 0;
  }
  /** What may still be promised of what is expected: what is short already has the next delivery. */
  promisable(key: string, { incoming, onHand, reserved, damaged, qualityControl }: Buckets): number {
    return incoming - this.promisedAt(key) - this.missing({ onHand, reserved, damaged, qualityControl });
  }
  private missing({ onHand, reserved, damaged, qualityControl }: Omit<Buckets, 'incoming'>): number {
    return Math.max(0, reserved - (onHand - damaged - qualityControl));
  }

  reserve(
    entry: Entry,
    message: Message,
    levelOf: (key: string) => Buckets,
  ): { awaiting?: Awaiting; wrongs: string[] } {
    const { result, reason, awaited = [] } = entry.answer!;
    const room = (location: string) => {
      const key = `${entry.sku}@${location}`;
      return this.promisable(key, levelOf(key));
    };
    if (result === 'refused') {
      const whole = (message.locations ?? []).find((location) => room(location) >= message.quantity);
      return { wrongs: reason === 'short' && whole ? [`is refused though ${whole} expects as many`] : [] };
    }
    const wrongs = awaited.flatMap(({ location, quantity }) => [
      ...(quantity > room(location) ? [`promises more than ${location} expects`] : []),
      ...(movedAhead(entry, location) === quantity ? [] : [`does not promise what it says at ${location}`]),
    ]);
    const units = awaited.reduce((sum, { quantity }) => sum + quantity, 0);
    if (units !== message.quantity) wrongs.push(`promises ${units} of ${message.quantity} ahead`);
    const ahead = Object.fromEntries(awaited.map(({ location, quantity }) => [location, quantity]));
    this.made += 1;
    const days = Object.fromEntries(
      awaited.map(({ location, quantity }) => {
        const key = `${entry.sku}@${location}`;
        return [location, this.dayOf(key, this.promisedAt(key) + this.missing(levelOf(key)) + quantity)];
      }),
    );
    return { awaiting: { state: 'COMMITTED', held: {}, awaited: ahead, made: this.made, days }, wrongs };
  }

  /** What a fact makes of promises at its place; `reserved`: what it reserves there besides what it brings for somebody. */
  afterFact(entry: Entry, message: Message, level: Buckets, heldUnits: number): { reserved: number; wrongs: string[] } {
    const { location, quantity, type } = message;
    const promised = this.promisedAt(`${entry.sku}@${location}`);
    const incoming = Math.max(0, level.incoming + movedOf(entry, location, 'incoming'));
    const units = type === 'expect' ? 0 : quantity - heldUnits;
    const isKept = type !== 'expect' && promised - units <= incoming;
    const moved = isKept
      ? this.keep(entry, location, Math.min(units, promised))
      : this.withdraw(entry, location, promised - incoming);
    const told = movedAhead(entry, location);
    return {
      reserved: moved.reserved,
      wrongs: told === moved.promised ? [] : [`promises ${told} of deliveries to ${location}, not ${moved.promised}`],
    };
  }

  /** What documents tell of a place, after a fact that lowered what it expects by so many. */
  hear({ sku }: Entry, message: Message, lowered: number): void {
    const { type, location, reference, quantity, expectedAt, withdrawn } = message;
    const key = `${sku}@${location}`;
    const known = this.open.get(key) ?? [];
    if (type === 'expect' && !withdrawn) {
      const name = reference ?? '';
      const same = known.find((one) => one.reference === name);
      const atMs = expectedAt === undefined ? undefined : Date.parse(expectedAt);
      if (same) Object.assign(same, { units: same.units + quantity, atMs: atMs ?? same.atMs });
      else if (quantity > 0) known.push({ reference: name, units: quantity, atMs });
    } else {
      // Of a document that is not known it is what is expected without a name.
      const name = known.some((one) => one.reference === reference) ? reference : '';
      const isAny = type !== 'expect' && reference === undefined;
      let left = lowered;
      for (const one of known) {
        const isMeant = isAny || one.reference === name;
        const taken = isMeant ? Math.min(left, one.units) : 0;
        one.units -= taken;
        left -= taken;
      }
    }
    this.open.set(
      key,
      known.filter(({ units }) => units > 0),
    );
  }
  /** Each promise is told the day of the delivery that serves it, the oldest promise first. */
  tellDays({ sku }: Entry, location: string, level: Buckets): void {
    let passed = this.missing(level);
    for (const [key, one] of this.awaitingAt(sku, location)) {
      passed += one.awaited![location]!;
      const atMs = this.dayOf(`${sku}@${location}`, passed);
      if (one.days?.[location] !== atMs) this.moved.push({ reservationId: key.slice(0, key.lastIndexOf('|')), atMs });
      one.days = { ...one.days, [location]: atMs };
    }
  }
  private dayOf(key: string, units: number): number | undefined {
    const last = Number.POSITIVE_INFINITY;
    let there = 0;
    for (const { units: more, atMs } of (this.open.get(key) ?? []).toSorted(
      (a, b) => (a.atMs ?? last) - (b.atMs ?? last),
    )) {
      there += more;
      if (there >= units) return atMs;
    }
    return undefined;
  }

  giveBack(entry: Entry, { awaited = {} }: Awaiting): string[] {
    return Object.entries(awaited).flatMap(([location, quantity]) =>
      movedAhead(entry, location) === -quantity ? [] : [`does not give back ${quantity} that ${location} expects`],
    );
  }

  apply({ sku, effects }: Entry): void {
    for (const { location, promisedIncoming = 0 } of effects) {
      const key = `${sku}@${location}`;
      if (promisedIncoming !== 0) this.promised.set(key, this.promisedAt(key) + promisedIncoming);
    }
  }

  private keep(entry: Entry, location: string, units: number) {
    let left = units;
    for (const [, one] of this.awaitingAt(entry.sku, location)) {
      const given = Math.min(left, one.awaited![location]!);
      left -= given;
      one.held[location] = (one.held[location] ?? 0) + given;
      lower(one, location, given);
      if (one.held[location] === 0) delete one.held[location];
    }
    return { reserved: units, promised: -units };
  }

  private withdraw(entry: Entry, location: string, excess: number) {
    const moved = { reserved: 0, promised: 0 };
    let covered = 0;
    for (const [, one] of this.awaitingAt(entry.sku, location).toReversed()) {
      if (covered >= excess) break;
      covered += one.awaited![location]!;
      moved.promised -= one.awaited![location]!;
      moved.reserved -= one.held[location] ?? 0;
      one.state = 'RELEASED';
    }
    return moved;
  }

  private awaitingAt(sku: string, location: string): [string, Awaiting][] {
    return [...this.held]
      .filter(
        ([id, { state, awaited }]) => id.endsWith(`|${sku}`) && state === 'COMMITTED' && (awaited?.[location] ?? 0) > 0,
      )
      .sort(([, a], [, b]) => a.made! - b.made!);
  }
}

function lower({ awaited }: Awaiting, location: string, units: number): void {
  awaited![location]! -= units;
  if (awaited![location] === 0) delete awaited![location];
}
const movedAhead = ({ effects }: Entry, location: string): number =>
  effects.reduce((sum, effect) => sum + (effect.location === location ? (effect.promisedIncoming ?? 0) : 0), 0);
const movedOf = ({ effects }: Entry, location: string, bucket: keyof Buckets): number =>
  effects.reduce((sum, effect) => sum + (effect.location === location ? (effect[bucket] ?? 0) : 0), 0);
