import type { Buckets, Entry, Message } from './ledger-records.ts';

/** Of a reservation, what it has and what it waits for. */
export interface Awaiting {
  state: string;
  held: Record<string, number>;
  awaited?: Record<string, number>;
  /** The order in which they were made. */
  made?: number;
}

/**
 * Promises of deliveries once more: what comes goes to the oldest, of what does not come any more the newest are taken back,
 * whole. It says what a record moves between the two, before anything of it is applied.
 */
export class AheadModel {
  /** Units promised of deliveries, by level. */
  readonly promised = new Map<string, number>();
  private readonly held: ReadonlyMap<string, Awaiting>;
  private made = 0;

  constructor(held: ReadonlyMap<string, Awaiting>) {
    this.held = held;
  }

  promisedAt(key: string): number {
    return this.promised.get(key) ?? 0;
  }
  /** What may still be promised of what is expected: what is short already has the next delivery. */
  promisable(key: string, { incoming, onHand, reserved, damaged, qualityControl }: Buckets): number {
    const missing = Math.max(0, reserved - (onHand - damaged - qualityControl));
    return incoming - this.promisedAt(key) - missing;
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
    return { awaiting: { state: 'COMMITTED', held: {}, awaited: ahead, made: this.made }, wrongs };
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
    for (const one of this.awaitingAt(entry.sku, location)) {
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
    for (const one of this.awaitingAt(entry.sku, location).toReversed()) {
      if (covered >= excess) break;
      covered += one.awaited![location]!;
      moved.promised -= one.awaited![location]!;
      moved.reserved -= one.held[location] ?? 0;
      one.state = 'RELEASED';
    }
    return moved;
  }

  private awaitingAt(sku: string, location: string): Awaiting[] {
    return [...this.held]
      .filter(
        ([id, { state, awaited }]) => id.endsWith(`|${sku}`) && state === 'COMMITTED' && (awaited?.[location] ?? 0) > 0,
      )
      .map(([, one]) => one)
      .sort((a, b) => a.made! - b.made!);
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
