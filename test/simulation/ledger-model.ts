import { AheadModel, type Awaiting } from './ahead-model.ts';
import type { Appended, Buckets, Entry, Message } from './ledger-records.ts';
import { type Lot, type LotEffect, LotModel } from './lot-model.ts';

interface Held extends Awaiting {
  expiresAtMs: number;
}

const nothing = (): Buckets => ({ onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 });
const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;
const TELLS_OF_DELIVERIES = new Set(['expect', 'receipt', 'transfer_in', 'transfer_out']);
const KNOWN_PLACES = ['hangzhou', 'chengdu', 'shenyang'];

/**
 * The rules of stock once more, as plainly as they can be said, applied to what was committed in the order it was. It
 * knows each record's text from the topic, so an effect that the record does not justify is seen.
 */
export class LedgerModel {
  readonly lots = new LotModel();
  private readonly levels = new Map<string, Buckets>();
  private readonly held = new Map<string, Held>();
  readonly ahead = new AheadModel(this.held);
  private readonly facts = new Map<string, { atMs: number; onHand: number; lots: readonly LotEffect[] }[]>();
  private readonly newestFactAtMs = new Map<string, number>();
  private readonly countedAtMs = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly texts: ReadonlyMap<string, string>;

  constructor(appended: readonly Appended[]) {
    this.texts = new Map(appended.map(({ partition, offset, text }) => [`${partition}/${offset}`, text]));
  }

  levelOf(key: string): Readonly<Buckets> {
    return this.levels.get(key) ?? nothing();
  }
  keys(): Iterable<string> {
    return this.levels.keys();
  }
  reservations(): Iterable<[string, Held]> {
    return this.held;
  }

  /** What is wrong with this entry, after all that came before it. */
  apply(entry: Entry): string[] {
    if (entry.outcome === 'forwarded' || entry.outcome === 'repeated') return [];
    if (this.seen.has(entry._id)) return [`${entry._id} was applied twice`];
    this.seen.add(entry._id);
    const text = this.texts.get(`${entry.partition}/${entry.offset}`);
    if (text === undefined) return [`${entry._id} is of no record`];
    const lotsBefore = this.lotsAt(entry);
    const wrongs = entry.type === 'expire' ? this.expire(entry) : this.applyRecord(entry, JSON.parse(text) as Message);
    for (const effect of entry.effects) {
      const level = this.at(entry.sku, effect.location);
      for (const bucket of BUCKETS) level[bucket] += effect[bucket] ?? 0;
    }
    this.ahead.apply(entry);
    if (TELLS_OF_DELIVERIES.has(entry.type)) this.hearOfDelivery(entry, JSON.parse(text) as Message);
    wrongs.push(...this.lotsMovedAs(entry, lotsBefore));
    return wrongs.map((wrong) => `${entry._id} (${entry.type} ${entry.sku}): ${wrong}`);
  }

  private hearOfDelivery(entry: Entry, message: Message): void {
    if (message.type === 'transfer_out') {
      if (message.toLocation) this.ahead.hear(entry, { ...message, type: 'expect', location: message.toLocation }, 0);
      return;
    }
    this.ahead.hear(entry, message, -sumOf(entry, message.location, 'incoming'));
    this.ahead.tellDays(entry, message.location, this.levelOf(`${entry.sku}@${message.location}`));
  }

  private at(sku: string, location: string): Buckets {
    const key = `${sku}@${location}`;
    let level = this.levels.get(key);
    if (!level) this.levels.set(key, (level = nothing()));
    return level;
  }

  private applyRecord(entry: Entry, message: Message): string[] {
    switch (message.type) {
      case 'sale':
      case 'transfer_out':
        return this.fact(entry, message, -message.quantity);
      case 'receipt':
      case 'transfer_in':
      case 'return':
        return [...this.holdFor(entry, message), ...this.fact(entry, message, message.quantity)];
      case 'adjustment':
        return message.bucket === 'quality_control'
          ? movesAlone(entry, message, 'qualityControl')
          : this.fact(entry, message, message.quantity);
      case 'damage':
        this.lots.damage(`${entry.sku}@${message.location}`, message.quantity, message, Date.parse(message.occurredAt));
        return sumOf(entry, message.location, 'damaged') === message.quantity ? [] : ['damaged moves otherwise'];
      case 'expect':
        return [
          ...(message.withdrawn ? expectsFewer(entry, message) : movesAlone(entry, message, 'incoming')),
          ...this.promisesAfter(entry, message, 0).wrongs,
        ];
      case 'count':
        return this.count(entry, message);
      case 'reserve':
        return this.reserve(entry, message);
      case 'move':
        return this.move(entry, message);
      case 'heartbeat':
        return entry.effects.length === 0 ? [] : ['is a sign of life, yet moves stock'];
      default:
        return this.step(entry, message);
    }
  }

  /** A fact is never refused; what occurred before the newest count, of the whole or of its lot, was counted. */
  private fact(entry: Entry, message: Message, units: number): string[] {
    const { location, occurredAt } = message;
    const key = `${entry.sku}@${location}`;
    const atMs = Date.parse(occurredAt);
    const countedAtMs = this.countedAtMs.get(key);
    const isCounted = countedAtMs !== undefined && atMs <= countedAtMs;
    const isLotCounted = this.lots.isCounted(key, this.lots.namedLot(key, message, Math.abs(units)), atMs);
    const expected = isCounted || isLotCounted ? 0 : units;
    const moved = sumOf(entry, location, 'onHand');
    if (!isCounted && !isLotCounted) this.occurred(key, atMs);
    this.remember(key, atMs, moved, entry);
    this.lots.move(key, units, message, atMs, this.levelOf(key).onHand, isCounted);
    return moved === expected ? this.shortfall(entry, location) : [`moves ${moved} on hand, not ${expected}`];
  }

  /** What comes for somebody is his at once, if it is free once it stands there, and never more than came for him. */
  private holdFor(entry: Entry, message: Message): string[] {
    const { heldFor, location } = message;
    const inAll = sumOf(entry, location, 'reserved');
    const kept = message.type === 'return' ? { reserved: 0, wrongs: [] } : this.keptOf(entry, message, inAll);
    const units = inAll - kept.reserved;
    return [...kept.wrongs, ...this.heldAsItCame(entry, heldFor, location, units)];
  }

  /** What comes for somebody is his, and of the rest promises of deliveries are kept. */
  private keptOf(entry: Entry, message: Message, inAll: number) {
    const key = message.heldFor && `${message.heldFor.reservationId}|${entry.sku}`;
    const forHim = key !== undefined && !this.held.has(key) ? this.cameFor(entry, message) : 0;
    return this.promisesAfter(entry, message, Math.min(forHim, Math.max(0, inAll)));
  }
  private cameFor(entry: Entry, { heldFor, location }: Message): number {
    const { onHand, reserved, damaged, qualityControl } = this.levelOf(`${entry.sku}@${location}`);
    const free = Math.max(0, onHand + sumOf(entry, location, 'onHand') - reserved - damaged - qualityControl);
    const whole = free >= heldFor!.quantity ? heldFor!.quantity : 0;
    return heldFor!.mode === 'partial' ? Math.min(free, heldFor!.quantity) : whole;
  }
  private promisesAfter(entry: Entry, message: Message, heldUnits: number) {
    const key = `${entry.sku}@${message.location}`;
    if (this.ahead.promisedAt(key) === 0) return { reserved: 0, wrongs: [] };
    return this.ahead.afterFact(entry, message, this.levelOf(key), heldUnits);
  }

  private heldAsItCame(entry: Entry, heldFor: Message['heldFor'], location: string, units: number): string[] {
    if (!heldFor) return units === 0 ? [] : [`reserves ${units} for nobody`];
    const key = `${heldFor.reservationId}|${entry.sku}`;
    if (this.held.has(key)) return units === 0 ? [] : ['is reserved a second time'];
    const { onHand, reserved, damaged, qualityControl } = this.levelOf(`${entry.sku}@${location}`);
    const free = Math.max(0, onHand + sumOf(entry, location, 'onHand') - reserved - damaged - qualityControl);
    const whole = free >= heldFor.quantity ? heldFor.quantity : 0;
    const expected = heldFor.mode === 'partial' ? Math.min(free, heldFor.quantity) : whole;
    if (expected > 0)
      this.held.set(key, {
        state: 'COMMITTED',
        held: { [location]: expected },
        expiresAtMs: Date.parse(heldFor.expiresAt),
      });
    return units === expected ? [] : [`reserves ${units} of what came, not ${expected}`];
  }

  private count(entry: Entry, message: Message): string[] {
    const { location, occurredAt, quantity, lot } = message;
    const key = `${entry.sku}@${location}`;
    const atMs = Date.parse(occurredAt);
    const before = this.countedAtMs.get(key);
    const moved = sumOf(entry, location, 'onHand');
    const newest = Math.max(before ?? -1, lot === undefined ? -1 : this.lots.countedAtMs(key, lot));
    if (atMs < newest) return moved === 0 ? [] : ['a superseded count moves stock'];
    const later = (this.facts.get(key) ?? []).filter((fact) => fact.atMs > atMs);
    const isLate = (this.newestFactAtMs.get(key) ?? 0) > atMs;
    this.occurred(key, atMs);
    const seen = isLate ? undefined : message.serials;
    if (lot !== undefined) {
      if (seen) this.lots.countSerials(key, seen, lot);
      return this.countOfLot(entry, lot, message, later);
    }
    const expected = quantity + later.reduce((sum, { onHand }) => sum + onHand, 0);
    this.countedAtMs.set(key, atMs);
    this.remember(key, atMs, moved, entry);
    this.lots.countWhole(key, moved, this.levelOf(key).onHand, atMs, seen);
    if (seen) this.lots.countSerials(key, seen, undefined);
    const after = this.levelOf(key).onHand + moved;
    return after === expected ? [] : [`leaves ${after} on hand, counted and moved since are ${expected}`];
  }

  /** Whatever else stands there is not looked at. */
  private countOfLot(entry: Entry, lot: string, message: Message, later: readonly { lots: readonly LotEffect[] }[]) {
    const key = `${entry.sku}@${message.location}`;
    const atMs = Date.parse(message.occurredAt);
    const moved = sumOf(entry, message.location, 'onHand');
    const since = later.flatMap(({ lots }) => lots).filter((effect) => effect.lot === lot);
    const expected = message.quantity + since.reduce((sum, { onHand = 0 }) => sum + onHand, 0);
    const after = this.lots.onHandOf(key, lot) + moved;
    this.lots.countLot(key, lot, expected, message, atMs);
    this.remember(key, atMs, moved, entry);
    return after === expected ? [] : [`leaves ${after} of ${lot}, counted and moved since are ${expected}`];
  }

  private remember(key: string, atMs: number, onHand: number, { effects }: Entry): void {
    const lots = effects.filter(({ location }) => key.endsWith(`@${location}`)).flatMap((effect) => effect.lots ?? []);
    const facts = this.facts.get(key);
    if (facts) facts.push({ atMs, onHand, lots });
    else this.facts.set(key, [{ atMs, onHand, lots }]);
  }

  private occurred(key: string, atMs: number): void {
    this.newestFactAtMs.set(key, Math.max(this.newestFactAtMs.get(key) ?? 0, atMs));
  }

  private lotsAt({ sku, effects }: Entry): Map<string, ReadonlyMap<string, Lot>> {
    const keys = new Set(effects.map(({ location }) => `${sku}@${location}`));
    return new Map(
      [...keys].map((key) => [key, new Map([...this.lots.lotsOf(key)].map(([lot, stands]) => [lot, { ...stands }]))]),
    );
  }
  /** What is stored says of each lot what the rules make of the record. */
  private lotsMovedAs({ effects, sku }: Entry, before: ReturnType<LedgerModel['lotsAt']>): string[] {
    const wrongs: string[] = [];
    for (const [key, lots] of before) {
      const stored = effects
        .filter(({ location }) => `${sku}@${location}` === key)
        .flatMap((effect) => effect.lots ?? []);
      const names = new Set([...stored.map(({ lot }) => lot), ...this.lots.lotsOf(key).keys()]);
      for (const name of names)
        for (const bucket of ['onHand', 'damaged'] as const) {
          const expected = (this.lots.lotsOf(key).get(name)?.[bucket] ?? 0) - (lots.get(name)?.[bucket] ?? 0);
          const moved = stored.reduce((sum, each) => sum + (each.lot === name ? (each[bucket] ?? 0) : 0), 0);
          if (moved !== expected) wrongs.push(`moves ${moved} ${bucket} of lot ${name} at ${key}, not ${expected}`);
        }
    }
    return wrongs;
  }

  /** Somebody must be told when what happened takes away what was promised. */
  private shortfall(entry: Entry, location: string): string[] {
    const before = this.levelOf(`${entry.sku}@${location}`);
    const shortOf = (onHand: number, kept: number) =>
      Math.max(0, before.reserved - Math.max(0, onHand - before.damaged - kept));
    const kept = before.qualityControl;
    const after = shortOf(
      before.onHand + sumOf(entry, location, 'onHand'),
      kept + sumOf(entry, location, 'qualityControl'),
    );
    if (before.reserved === 0 || after <= shortOf(before.onHand, kept)) return [];
    const told = entry.shortfalls?.some((each) => each.location === location && each.shortUnits === after);
    return told ? [] : [`${after} promised units are gone, and nobody is told`];
  }

  /** Nothing is promised that does not stand there, and nothing is refused that does. */
  private reserve(entry: Entry, message: Message): string[] {
    const key = `${message.reservationId}|${entry.sku}`;
    const { result, allocations } = entry.answer!;
    if (message.against === 'incoming' && result !== 'unchanged' && !this.held.has(key)) {
      const { awaiting, wrongs } = this.ahead.reserve(entry, message, (at) => this.levelOf(at));
      if (awaiting) this.held.set(key, { ...awaiting, expiresAtMs: Date.parse(message.expiresAt) });
      return wrongs;
    }
    const units = allocations.reduce((sum, { quantity }) => sum + quantity, 0);
    if (result === 'unchanged') return this.held.has(key) ? [] : ['is answered as repeated, but was never made'];
    if (result === 'refused') {
      if (this.held.has(key) || entry.answer!.reason !== 'short') return [];
      const places = message.locations ?? KNOWN_PLACES;
      const there = places.reduce((sum, place) => sum + this.promisable(entry, place), 0);
      return there >= message.quantity ? [`is refused though ${there} stand there`] : [];
    }
    const wrongs: string[] = [];
    if (this.held.has(key)) wrongs.push('is made a second time');
    if (units !== message.quantity && message.mode !== 'partial')
      wrongs.push(`promises ${units} of ${message.quantity}`);
    if (units > message.quantity) wrongs.push('promises more than was asked for');
    for (const { location, quantity } of allocations) {
      if (quantity > this.promisable(entry, location)) wrongs.push(`oversells ${location}`);
      if (sumOf(entry, location, 'reserved') !== quantity)
        wrongs.push(`does not reserve what it promises at ${location}`);
    }
    const held = Object.fromEntries(allocations.map(({ location, quantity }) => [location, quantity]));
    this.held.set(key, {
      state: message.lasting ? 'COMMITTED' : 'ACTIVE',
      held,
      expiresAtMs: Date.parse(message.expiresAt),
    });
    return wrongs;
  }

  private promisable(entry: Entry, location: string): number {
    return KNOWN_PLACES.includes(location) ? this.availableAt(`${entry.sku}@${location}`, this.recordedAtMs(entry)) : 0;
  }
  availableAt(key: string, atMs: number): number {
    const { onHand, reserved, damaged, qualityControl } = this.levelOf(key);
    return Math.max(0, onHand - reserved - damaged - qualityControl - this.lots.expiredAt(key, atMs, onHand));
  }

  private step(entry: Entry, message: Message): string[] {
    const key = `${message.reservationId}|${entry.sku}`;
    const known = this.held.get(key);
    if (entry.answer!.result !== 'accepted') return entry.effects.length === 0 ? [] : ['is refused, yet moves stock'];
    const to = { release: 'RELEASED', commit: 'COMMITTED', fulfil: 'FULFILLED' }[message.type]!;
    if (!known) {
      this.held.set(key, { state: 'RELEASED', held: {}, expiresAtMs: 0 });
      return message.type === 'release' ? [] : ['changes what was never made'];
    }
    const isLive = known.state === 'ACTIVE' || known.state === 'COMMITTED';
    const wrongs = isLive ? this.givesBack(entry, known, to, message) : [`changes what is ${known.state}`];
    if (to === 'RELEASED') wrongs.push(...this.ahead.giveBack(entry, known));
    known.state = to;
    return wrongs;
  }

  private expire(entry: Entry): string[] {
    const known = this.held.get(`${entry.reservationId}|${entry.sku}`);
    if (entry.answer!.result !== 'accepted') return [];
    if (known?.state !== 'ACTIVE') return [`expires what is ${known?.state}`];
    known.state = 'EXPIRED';
    return this.givesBack(entry, known, 'EXPIRED', {});
  }

  private givesBack(entry: Entry, { held }: Held, to: string, { lots = [], serials = [] }: Partial<Message>): string[] {
    const wrongs: string[] = [];
    const places = Object.entries(held).map(([location, quantity]): [string, number] => [
      `${entry.sku}@${location}`,
      quantity,
    ]);
    const picked = this.lots.spread(new Map(places), lots);
    for (const [location, quantity] of Object.entries(held)) {
      const back = to === 'COMMITTED' ? 0 : quantity;
      if (sumOf(entry, location, 'reserved') !== -back) wrongs.push(`does not give back ${quantity} at ${location}`);
      const shipped = to === 'FULFILLED' ? quantity : 0;
      if (sumOf(entry, location, 'onHand') !== -shipped) wrongs.push(`does not ship ${quantity} from ${location}`);
      if (shipped === 0) continue;
      const key = `${entry.sku}@${location}`;
      const atMs = this.recordedAtMs(entry);
      this.occurred(key, atMs);
      this.remember(key, atMs, -shipped, entry);
      this.lots.ship(key, shipped, picked.get(key)!, serials, atMs, this.levelOf(key).onHand);
    }
    return wrongs;
  }

  private recordedAtMs(entry: Entry): number {
    return (entry as unknown as { recordedAtMs: number }).recordedAtMs;
  }

  private move(entry: Entry, { reservationId, fromLocation, toLocation, quantity }: Message): string[] {
    const known = this.held.get(`${reservationId}|${entry.sku}`);
    if (entry.answer!.result !== 'accepted') return entry.effects.length === 0 ? [] : ['is refused, yet moves stock'];
    const heldUnits = known?.held[fromLocation] ?? 0;
    if (!known || heldUnits < quantity) return ['moves what is not held there'];
    const wrongs = quantity > this.promisable(entry, toLocation) ? [`oversells ${toLocation}`] : [];
    known.held[fromLocation] = heldUnits - quantity;
    if (heldUnits === quantity) delete known.held[fromLocation];
    known.held[toLocation] = (known.held[toLocation] ?? 0) + quantity;
    return wrongs;
  }
}

const movesAlone = (entry: Entry, { location, quantity }: Message, bucket: keyof Buckets): string[] =>
  sumOf(entry, location, bucket) === quantity ? [] : [`${bucket} moves otherwise`];
const expectsFewer = (entry: Entry, { location, quantity }: Message): string[] => {
  const moved = sumOf(entry, location, 'incoming');
  return moved <= 0 && moved >= -quantity ? [] : [`expects ${moved} where ${quantity} do not come any more`];
};
const sumOf = ({ effects }: Entry, location: string, bucket: keyof Buckets): number =>
  effects.filter((effect) => effect.location === location).reduce((sum, effect) => sum + (effect[bucket] ?? 0), 0);
