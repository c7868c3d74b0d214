/** A record of a topic that a stream reads, as it stood on its topic. */
export interface Appended {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly isTick: boolean;
  readonly text: string;
}

interface Entry {
  readonly _id: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly sku: string;
  readonly type: string;
  readonly reservationId?: string;
  readonly effects: readonly Effect[];
  readonly answer?: {
    readonly result: string;
    readonly reason?: string;
    readonly allocations: readonly { readonly location: string; readonly quantity: number }[];
  };
  readonly shortfalls?: readonly { readonly location: string; readonly shortUnits: number }[];
}
interface Effect extends Partial<Buckets> {
  readonly location: string;
}
interface Buckets {
  onHand: number;
  reserved: number;
  damaged: number;
  qualityControl: number;
  incoming: number;
}
interface Message {
  readonly type: string;
  readonly quantity: number;
  readonly location: string;
  readonly toLocation: string;
  readonly occurredAt: string;
  readonly expiresAt: string;
  readonly locations?: readonly string[];
  readonly mode: string;
  readonly reservationId: string;
  readonly fromLocation: string;
}
interface Held {
  state: string;
  held: Record<string, number>;
  expiresAtMs: number;
}

const nothing = (): Buckets => ({ onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 });
const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;
const KNOWN_PLACES = ['hangzhou', 'chengdu', 'shenyang'];

/**
 * The rules of stock once more, as plainly as they can be said, applied to what was committed in the order it was. It
 * knows each record's text from the topic, so an effect that the record does not justify is seen.
 */
export class LedgerModel {
  private readonly levels = new Map<string, Buckets>();
  private readonly held = new Map<string, Held>();
  private readonly facts = new Map<string, { atMs: number; onHand: number }[]>();
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
    const wrongs = entry.type === 'expire' ? this.expire(entry) : this.applyRecord(entry, JSON.parse(text) as Message);
    for (const effect of entry.effects) {
      const level = this.at(entry.sku, effect.location);
      for (const bucket of BUCKETS) level[bucket] += effect[bucket] ?? 0;
    }
    return wrongs.map((wrong) => `${entry._id} (${entry.type} ${entry.sku}): ${wrong}`);
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
      case 'adjustment':
        return this.fact(entry, message, message.quantity);
      case 'damage':
        return sumOf(entry, message.location, 'damaged') === message.quantity ? [] : ['damaged moves otherwise'];
      case 'expect':
        return sumOf(entry, message.location, 'incoming') === message.quantity ? [] : ['incoming moves otherwise'];
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

  /** A fact is never refused; what occurred before the newest count was counted. */
  private fact(entry: Entry, { location, occurredAt }: Message, units: number): string[] {
    const key = `${entry.sku}@${location}`;
    const atMs = Date.parse(occurredAt);
    const countedAtMs = this.countedAtMs.get(key);
    const expected = countedAtMs !== undefined && atMs <= countedAtMs ? 0 : units;
    const moved = sumOf(entry, location, 'onHand');
    this.remember(key, atMs, moved);
    return moved === expected ? this.shortfall(entry, location) : [`moves ${moved} on hand, not ${expected}`];
  }

  private count(entry: Entry, { location, occurredAt, quantity }: Message): string[] {
    const key = `${entry.sku}@${location}`;
    const atMs = Date.parse(occurredAt);
    const before = this.countedAtMs.get(key);
    const moved = sumOf(entry, location, 'onHand');
    if (before !== undefined && atMs < before) return moved === 0 ? [] : ['a superseded count moves stock'];
    const later = (this.facts.get(key) ?? []).filter((fact) => fact.atMs > atMs);
    const expected = quantity + later.reduce((sum, { onHand }) => sum + onHand, 0);
    this.countedAtMs.set(key, atMs);
    this.remember(key, atMs, moved);
    const after = this.levelOf(key).onHand + moved;
    return after === expected ? [] : [`leaves ${after} on hand, counted and moved since are ${expected}`];
  }

  private remember(key: string, atMs: number, onHand: number): void {
    const facts = this.facts.get(key);
    if (facts) facts.push({ atMs, onHand });
    else this.facts.set(key, [{ atMs, onHand }]);
  }

  /** Somebody must be told when what happened takes away what was promised. */
  private shortfall(entry: Entry, location: string): string[] {
    const before = this.levelOf(`${entry.sku}@${location}`);
    const shortOf = (onHand: number) => Math.max(0, before.reserved - Math.max(0, onHand - before.damaged));
    const after = shortOf(before.onHand + sumOf(entry, location, 'onHand'));
    if (before.reserved === 0 || after <= shortOf(before.onHand)) return [];
    const told = entry.shortfalls?.some((each) => each.location === location && each.shortUnits === after);
    return told ? [] : [`${after} promised units are gone, and nobody is told`];
  }

  /** Nothing is promised that does not stand there, and nothing is refused that does. */
  private reserve(entry: Entry, message: Message): string[] {
    const key = `${message.reservationId}|${entry.sku}`;
    const { result, allocations } = entry.answer!;
    const units = allocations.reduce((sum, { quantity }) => sum + quantity, 0);
    if (result === 'unchanged') return this.held.has(key) ? [] : ['is answered as repeated, but was never made'];
    if (result === 'refused') {
      if (this.held.has(key) || entry.answer!.reason !== 'short') return [];
      const places = message.locations ?? KNOWN_PLACES;
      const there = places.reduce((sum, place) => sum + this.promisable(entry.sku, place), 0);
      return there >= message.quantity ? [`is refused though ${there} stand there`] : [];
    }
    const wrongs: string[] = [];
    if (this.held.has(key)) wrongs.push('is made a second time');
    if (units !== message.quantity && message.mode !== 'partial')
      wrongs.push(`promises ${units} of ${message.quantity}`);
    if (units > message.quantity) wrongs.push('promises more than was asked for');
    for (const { location, quantity } of allocations) {
      if (quantity > this.promisable(entry.sku, location)) wrongs.push(`oversells ${location}`);
      if (sumOf(entry, location, 'reserved') !== quantity)
        wrongs.push(`does not reserve what it promises at ${location}`);
    }
    const held = Object.fromEntries(allocations.map(({ location, quantity }) => [location, quantity]));
    this.held.set(key, { state: 'ACTIVE', held, expiresAtMs: Date.parse(message.expiresAt) });
    return wrongs;
  }

  private promisable(sku: string, location: string): number {
    const { onHand, reserved, damaged, qualityControl } = this.levelOf(`${sku}@${location}`);
    return KNOWN_PLACES.includes(location) ? Math.max(0, onHand - reserved - damaged - qualityControl) : 0;
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
    const wrongs = isLive ? this.givesBack(entry, known, to) : [`changes what is ${known.state}`];
    known.state = to;
    return wrongs;
  }

  private expire(entry: Entry): string[] {
    const known = this.held.get(`${entry.reservationId}|${entry.sku}`);
    if (entry.answer!.result !== 'accepted') return [];
    if (known?.state !== 'ACTIVE') return [`expires what is ${known?.state}`];
    known.state = 'EXPIRED';
    return this.givesBack(entry, known, 'EXPIRED');
  }

  private givesBack(entry: Entry, { held }: Held, to: string): string[] {
    const wrongs: string[] = [];
    for (const [location, quantity] of Object.entries(held)) {
      const back = to === 'COMMITTED' ? 0 : quantity;
      if (sumOf(entry, location, 'reserved') !== -back) wrongs.push(`does not give back ${quantity} at ${location}`);
      const shipped = to === 'FULFILLED' ? quantity : 0;
      if (sumOf(entry, location, 'onHand') !== -shipped) wrongs.push(`does not ship ${quantity} from ${location}`);
      if (shipped > 0) this.remember(`${entry.sku}@${location}`, this.recordedAtMs(entry), -shipped);
    }
    return wrongs;
  }

  private recordedAtMs(entry: Entry): number {
    return (entry as unknown as { recordedAt: Date }).recordedAt.getTime();
  }

  private move(entry: Entry, { reservationId, fromLocation, toLocation, quantity }: Message): string[] {
    const known = this.held.get(`${reservationId}|${entry.sku}`);
    if (entry.answer!.result !== 'accepted') return entry.effects.length === 0 ? [] : ['is refused, yet moves stock'];
    const heldUnits = known?.held[fromLocation] ?? 0;
    if (!known || heldUnits < quantity) return ['moves what is not held there'];
    const wrongs = quantity > this.promisable(entry.sku, toLocation) ? [`oversells ${toLocation}`] : [];
    known.held[fromLocation] = heldUnits - quantity;
    if (heldUnits === quantity) delete known.held[fromLocation];
    known.held[toLocation] = (known.held[toLocation] ?? 0) + quantity;
    return wrongs;
  }
}

const sumOf = ({ effects }: Entry, location: string, bucket: keyof Buckets): number =>
  effects.filter((effect) => effect.location === location).reduce((sum, effect) => sum + (effect[bucket] ?? 0), 0);
