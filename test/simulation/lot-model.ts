import { MIDNIGHT_PLACE, MIDNIGHT_PLACE_AHEAD_MS } from './setting.ts';

/** What of a message says which units it is about. */
export interface Named {
  readonly lot?: string;
  readonly expiresOn?: string;
  readonly serials?: readonly string[];
}
export interface LotEffect {
  readonly lot: string;
  readonly onHand?: number;
  readonly damaged?: number;
}
export interface Lot {
  onHand: number;
  damaged: number;
  expiresOn: string;
  receivedAtMs: number;
  countedAtMs: number;
}
interface Shelf {
  readonly lots: Map<string, Lot>;
  /** Serial number → lot, '' where it has none. */
  readonly serials: Map<string, string>;
}

const NEVER = '9999-99-99';
const placeOf = (key: string): string => key.slice(key.lastIndexOf('@') + 1);
const skuOf = (key: string): string => key.slice(0, key.lastIndexOf('@'));
const dayOf = (key: string, ms: number): string =>
  new Date(ms + (placeOf(key) === MIDNIGHT_PLACE ? MIDNIGHT_PLACE_AHEAD_MS : 0)).toISOString().slice(0, 10);

/**
 * The rules of lots once more, one unit at a time. What a record does to lots is worked out from what it says and from
 * what stood there, and then compared with what was stored.
 */
export class LotModel {
  private readonly shelves = new Map<string, Shelf>();

  lotsOf(key: string): ReadonlyMap<string, Lot> {
    return this.shelf(key).lots;
  }
  serialsOf(key: string): ReadonlyMap<string, string> {
    return this.shelf(key).serials;
  }
  onHandOf(key: string, lot: string): number {
    return this.shelf(key).lots.get(lot)?.onHand ?? 0;
  }

  /** Units past their last day, whole ones, as of a moment. */
  expiredAt(key: string, atMs: number, onHand: number): number {
    let units = 0;
    for (const lot of this.shelf(key).lots.values())
      if (lot.expiresOn < dayOf(key, atMs)) units += Math.max(0, lot.onHand - lot.damaged);
    return Math.max(0, Math.min(units, onHand));
  }

  /** The lot a record is about: told, or that of all its serial numbers. */
  namedLot(key: string, { lot, serials }: Named, units: number): string | undefined {
    if (lot !== undefined || serials === undefined || units === 0) return lot;
    const lots = this.knownOf(key, serials, units).map((serial) => this.shelf(key).serials.get(serial)!);
    return lots.length === units && lots[0] !== '' && new Set(lots).size === 1 ? lots[0] : undefined;
  }
  isCounted(key: string, lot: string | undefined, atMs: number): boolean {
    return lot !== undefined && atMs <= (this.shelf(key).lots.get(lot)?.countedAtMs ?? -1);
  }
  countedAtMs(key: string, lot: string): number {
    return this.shelf(key).lots.get(lot)?.countedAtMs ?? -1;
  }

  /** Units that come (above 0) or leave; `counted`: a count of the whole has seen them. */
  move(key: string, units: number, named: Named, atMs: number, onHand: number, counted: boolean): void {
    const lot = this.namedLot(key, named, Math.abs(units));
    if (this.isCounted(key, lot, atMs)) return;
    let unlotted = onHand - this.sum(key);
    if (counted) {
      if (lot === undefined) return;
      for (let i = 0; i < units && unlotted > 0; i++, unlotted--) this.add(key, lot, 1, atMs);
      for (let i = 0; i < -units && this.onHandOf(key, lot) > 0; i++) this.add(key, lot, -1, atMs);
      if (units >= 0) this.tellComing(key, lot, named, atMs);
      return;
    }
    if (units >= 0) {
      if (lot !== undefined) {
        this.add(key, lot, units, atMs);
        for (let i = 0; i < units && unlotted < 0; i++, unlotted++) this.add(key, lot, -1, atMs);
        this.tellComing(key, lot, named, atMs);
      }
      this.arrive(key, named.serials, units, lot ?? '');
    } else this.leave(key, -units, lot, named, atMs, unlotted);
  }

  damage(key: string, units: number, named: Named, atMs: number): void {
    const lot = this.namedLot(key, named, units);
    if (lot === undefined) return;
    this.at(key, lot, atMs).damaged += units;
    this.tell(key, lot, named, atMs);
  }

  countLot(key: string, lot: string, units: number, named: Named, atMs: number): void {
    this.add(key, lot, units - this.onHandOf(key, lot), atMs);
    this.tell(key, lot, named, atMs);
    this.at(key, lot, atMs).countedAtMs = atMs;
  }
  /** More or less is there than was known; `seen`: the pieces that were counted, where the count tells them. */
  countWhole(key: string, difference: number, onHand: number, atMs: number, seen?: readonly string[]): void {
    if (difference < 0) this.miss(key, -difference, onHand - this.sum(key), atMs, seen);
    else
      for (const [lot] of this.inOrder(key))
        for (; difference > 0 && this.onHandOf(key, lot) < 0; difference--) this.add(key, lot, 1, atMs);
  }
  /** Pieces that were not seen are missing first; what is seen stays. */
  private miss(key: string, units: number, unlotted: number, atMs: number, seen?: readonly string[]): void {
    const kept = new Map<string, number>();
    let left = units;
    let free = unlotted;
    for (const [serial, lot] of seen === undefined ? [] : this.shelf(key).serials) {
      const stands = this.shelf(key).lots.get(lot);
      if (seen!.includes(serial)) kept.set(lot, (kept.get(lot) ?? 0) + 1);
      else if (left > 0 && (lot === '' ? free > 0 : stands!.onHand > 0 && stands!.countedAtMs < atMs)) {
        if (lot === '') free--;
        else this.add(key, lot, -1, atMs);
        left--;
      }
    }
    this.takeAny(key, left, atMs, Math.max(Math.min(free, 0), free - (kept.get('') ?? 0)), kept);
  }
  countSerials(key: string, serials: readonly string[], lot: string | undefined): void {
    const known = this.shelf(key).serials;
    const before = new Map(known);
    for (const [serial, of] of before) if (lot === undefined || of === lot) known.delete(serial);
    for (const serial of serials) this.put(key, serial, lot ?? before.get(serial) ?? '');
  }

  /** Which of the picked lots leave which place: each first where it stands, then wherever units are left. */
  spread(held: ReadonlyMap<string, number>, lots: readonly { lot: string; quantity: number }[]) {
    const left = new Map(held);
    const asked = lots.map(({ lot, quantity }) => ({ lot, quantity }));
    const picks = new Map([...held.keys()].map((key) => [key, new Map<string, number>()]));
    for (const isPicky of [true, false])
      for (const [key, ofPlace] of picks)
        for (const one of asked)
          while (one.quantity > 0 && left.get(key)! > 0) {
            const before = ofPlace.get(one.lot) ?? 0;
            if (isPicky && this.onHandOf(key, one.lot) <= before) break;
            ofPlace.set(one.lot, before + 1);
            left.set(key, left.get(key)! - 1);
            one.quantity--;
          }
    return picks;
  }

  /** Units of a promise leave: of the lots that were picked first. */
  ship(
    key: string,
    units: number,
    picked: ReadonlyMap<string, number>,
    serials: readonly string[],
    atMs: number,
    onHand: number,
  ): void {
    const known = this.shelf(key).serials;
    const here = [...new Set(serials)].filter((serial) => known.has(serial));
    const ofPicked = new Set<string>();
    let left = units;
    for (const [lot, quantity] of picked) {
      this.add(key, lot, -quantity, atMs);
      left -= quantity;
      for (const serial of here.filter((each) => known.get(each) === lot).slice(0, quantity)) ofPicked.add(serial);
    }
    const others = here.filter((serial) => !ofPicked.has(serial));
    if (left > 0) {
      const unlotted = onHand - (units - left) - this.sum(key);
      const lot = this.namedLot(key, { serials: others }, left);
      if (!this.isCounted(key, lot, atMs)) this.leave(key, left, lot, { serials: others }, atMs, unlotted);
    }
    for (const serial of [...ofPicked, ...others].slice(0, units)) known.delete(serial);
  }

  private leave(
    key: string,
    units: number,
    lot: string | undefined,
    named: Named,
    atMs: number,
    unlotted: number,
  ): void {
    const known = this.knownOf(key, named.serials ?? [], units);
    if (lot !== undefined) {
      this.add(key, lot, -units, atMs);
      this.tell(key, lot, named, atMs);
    } else {
      for (const serial of known) {
        const of = this.shelf(key).serials.get(serial)!;
        if (of === '') unlotted--;
        else this.add(key, of, -1, atMs);
      }
      this.takeAny(key, units - known.length, atMs, unlotted);
    }
    for (const serial of known) this.shelf(key).serials.delete(serial);
  }

  /** First what has no lot, then what ends first of what has not ended, then what has; of equals what came first. */
  private takeAny(
    key: string,
    units: number,
    atMs: number,
    unlotted: number,
    kept: ReadonlyMap<string, number> = new Map(),
  ): void {
    let free = unlotted;
    for (let i = 0; i < units; i++, free--) {
      if (free > 0) continue;
      const next = this.inOrder(key, atMs).find(
        ([name, lot]) => lot.onHand > (kept.get(name) ?? 0) && lot.countedAtMs < atMs,
      );
      if (!next) return;
      next[1].onHand--;
      free++;
    }
  }
  private inOrder(key: string, atMs?: number): [string, Lot][] {
    const today = atMs === undefined ? '' : dayOf(key, atMs);
    const endOf = ({ expiresOn }: Lot) => `${expiresOn < today ? 1 : 0} ${expiresOn}`;
    return [...this.shelf(key).lots].sort(([nameA, a], [nameB, b]) => {
      if (endOf(a) !== endOf(b)) return endOf(a) < endOf(b) ? -1 : 1;
      return a.receivedAtMs - b.receivedAtMs || (nameA < nameB ? -1 : 1);
    });
  }

  private arrive(key: string, serials: readonly string[] | undefined, units: number, lot: string): void {
    for (const serial of [...new Set(serials)].slice(0, units)) this.put(key, serial, lot);
  }
  /** One piece stands in one place. */
  private put(key: string, serial: string, lot: string): void {
    for (const [other, { serials }] of this.shelves) if (skuOf(other) === skuOf(key)) serials.delete(serial);
    this.shelf(key).serials.set(serial, lot);
  }
  private knownOf(key: string, serials: readonly string[], units: number): string[] {
    return [...new Set(serials)].slice(0, units).filter((serial) => this.shelf(key).serials.has(serial));
  }

  private sum(key: string): number {
    return [...this.shelf(key).lots.values()].reduce((sum, { onHand }) => sum + onHand, 0);
  }
  private add(key: string, lot: string, units: number, atMs: number): void {
    const stands = this.at(key, lot, atMs);
    stands.onHand += units;
    if (units > 0) stands.receivedAtMs = Math.min(stands.receivedAtMs, atMs);
  }
  private tell(key: string, lot: string, { expiresOn }: Named, atMs: number): void {
    const stands = this.at(key, lot, atMs);
    stands.expiresOn = expiresOn ?? stands.expiresOn;
  }
  /** Who brings units of a lot without telling its last day brings those of the day that it has elsewhere. */
  private tellComing(key: string, lot: string, named: Named, atMs: number): void {
    this.tell(key, lot, named, atMs);
    const stands = this.at(key, lot, atMs);
    if (stands.expiresOn !== NEVER) return;
    const sku = skuOf(key);
    for (const [place, { lots }] of this.shelves)
      if (skuOf(place) === sku) {
        const known = lots.get(lot)?.expiresOn ?? NEVER;
        if (known !== NEVER) stands.expiresOn = known;
      }
  }
  private at(key: string, lot: string, atMs: number): Lot {
    const { lots } = this.shelf(key);
    let found = lots.get(lot);
    if (!found)
      lots.set(lot, (found = { onHand: 0, damaged: 0, expiresOn: NEVER, receivedAtMs: atMs, countedAtMs: -1 }));
    return found;
  }
  private shelf(key: string): Shelf {
    let shelf = this.shelves.get(key);
    if (!shelf) this.shelves.set(key, (shelf = { lots: new Map(), serials: new Map() }));
    return shelf;
  }
}
