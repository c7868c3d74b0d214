import type { EffectRead, EffectSink } from './effect-read.js';
import type { Buckets } from './stock-buckets.js';

export interface SummedLevel {
  readonly sku: string;
  readonly location: string;
  readonly sums: Buckets;
}
export interface StockSumsOptions {
  /**
   * Newest version that counts of a level which `begin` was not called for; undefined = the SKU is none of those that
   * are summed.
   */
  readonly throughOf: (sku: string) => number | undefined;
  /** Levels to have room for at first. */
  readonly levels?: number;
}

const BUCKETS = 5;
const FEWEST_LEVELS = 1024;
const MOST_NAME_BYTES = 48;
/** Between the two names of a level, and in no text of UTF-8. */
const DIVIDER = 0xff;

/**
 * What levels are by their movements, from what each was begun with. Some 105 bytes a level and nothing a movement: names
 * and figures lie in arrays, found by an open hash table over the names' bytes.
 */
export class StockSums implements EffectSink {
  private count = 0;
  private slots: Int32Array;
  private hashes: Int32Array;
  private figures: Float64Array;
  private through: Float64Array;
  /** Level `i`'s names, divided, are the bytes from `ends[i - 1]` to `ends[i]`. */
  private ends: Uint32Array;
  private names: Uint8Array;

  constructor(private readonly options: StockSumsOptions) {
    let room = FEWEST_LEVELS;
    while (room < (options.levels ?? 0)) room *= 2;
    this.slots = new Int32Array(room * 2);
    this.hashes = new Int32Array(room);
    this.figures = new Float64Array(room * BUCKETS);
    this.through = new Float64Array(room);
    this.ends = new Uint32Array(room);
    this.names = new Uint8Array(room * MOST_NAME_BYTES);
  }

  get levelCount(): number {
    return this.count;
  }

  /** What the level is without any movement, and the newest version of a movement that counts. */
  begin(
    sku: string,
    location: string,
    { onHand, reserved, damaged, qualityControl, incoming }: Buckets,
    through: number,
  ) {
    const [skuBytes, locationBytes] = [Buffer.from(sku), Buffer.from(location)];
    const hash = hashOf(skuBytes, 0, skuBytes.length, locationBytes, 0, locationBytes.length);
    const found = this.find(hash, skuBytes, 0, skuBytes.length, locationBytes, 0, locationBytes.length);
    const level = found < 0 ? this.append(hash, skuBytes, locationBytes) : found;
    this.through[level] = through;
    this.figures.set([onHand, reserved, damaged, qualityControl, incoming], level * BUCKETS);
  }

  add(effect: EffectRead): boolean {
    const { skuIn, skuAt, skuEnd, locationIn, locationAt, locationEnd } = effect;
    const hash = hashOf(skuIn, skuAt, skuEnd, locationIn, locationAt, locationEnd);
    let level = this.find(hash, skuIn, skuAt, skuEnd, locationIn, locationAt, locationEnd);
    if (level < 0) {
      const sku = skuIn.subarray(skuAt, skuEnd);
      const through = this.options.throughOf(textOf(sku));
      if (through === undefined || effect.version > through) return false;
      level = this.append(hash, sku, locationIn.subarray(locationAt, locationEnd));
      this.through[level] = through;
    }
    if (effect.version > this.through[level]!) return false;
    const { figures } = this;
    const at = level * BUCKETS;
    if (effect.onHand !== 0) figures[at]! += effect.onHand;
    if (effect.reserved !== 0) figures[at + 1]! += effect.reserved;
    if (effect.damaged !== 0) figures[at + 2]! += effect.damaged;
    if (effect.qualityControl !== 0) figures[at + 3]! += effect.qualityControl;
    if (effect.incoming !== 0) figures[at + 4]! += effect.incoming;
    return true;
  }

  *levels(): Generator<SummedLevel> {
    for (let level = 0; level < this.count; level++) yield this.levelAt(level);
  }

  /** Those with a figure that is not 0. */
  *levelsLeft(): Generator<SummedLevel> {
    for (let level = 0; level < this.count; level++) {
      const at = level * BUCKETS;
      const { figures } = this;
      if (figures[at] || figures[at + 1] || figures[at + 2] || figures[at + 3] || figures[at + 4])
        yield this.levelAt(level);
    }
  }

  private levelAt(level: number): SummedLevel {
    const names = this.names.subarray(level === 0 ? 0 : this.ends[level - 1], this.ends[level]);
    const divider = names.indexOf(DIVIDER);
    const at = level * BUCKETS;
    return {
      sku: textOf(names.subarray(0, divider)),
      location: textOf(names.subarray(divider + 1)),
      sums: {
        onHand: this.figures[at]!,
        reserved: this.figures[at + 1]!,
        damaged: this.figures[at + 2]!,
        qualityControl: this.figures[at + 3]!,
        incoming: this.figures[at + 4]!,
      },
    };
  }

  private find(
    hash: number,
    sku: Uint8Array,
    skuAt: number,
    skuEnd: number,
    location: Uint8Array,
    locationAt: number,
    locationEnd: number,
  ): number {
    const { slots, hashes, names, ends } = this;
    const mask = slots.length - 1;
    const bytes = skuEnd - skuAt + 1 + locationEnd - locationAt;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const level = slots[slot]! - 1;
      if (hashes[level] !== hash) continue;
      const at = level === 0 ? 0 : ends[level - 1]!;
      const locationFrom = at + skuEnd - skuAt + 1;
      if (ends[level]! - at !== bytes) continue;
      if (isSame(names, at, sku, skuAt, skuEnd) && isSame(names, locationFrom, location, locationAt, locationEnd))
        return level;
    }
    return -1;
  }

  private append(hash: number, sku: Uint8Array, location: Uint8Array): number {
    const level = this.count++;
    const at = level === 0 ? 0 : this.ends[level - 1]!;
    const end = at + sku.length + 1 + location.length;
    this.makeRoom(end);
    this.names.set(sku, at);
    this.names[at + sku.length] = DIVIDER;
    this.names.set(location, at + sku.length + 1);
    this.ends[level] = end;
    this.hashes[level] = hash;
    this.figures.fill(0, level * BUCKETS, (level + 1) * BUCKETS);
    this.takeSlot(level);
    return level;
  }

  private takeSlot(level: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[level]! & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = level + 1;
  }

  private makeRoom(nameBytes: number): void {
    if (nameBytes > this.names.length) this.names = grown(this.names, new Uint8Array(this.names.length * 2));
    const room = this.hashes.length;
    if (this.count <= room) return;
    this.hashes = grown(this.hashes, new Int32Array(room * 2));
    this.figures = grown(this.figures, new Float64Array(room * 2 * BUCKETS));
    this.through = grown(this.through, new Float64Array(room * 2));
    this.ends = grown(this.ends, new Uint32Array(room * 2));
    this.slots = new Int32Array(room * 4);
    for (let level = 0; level < this.count - 1; level++) this.takeSlot(level);
  }
}

function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}

function isSame(names: Uint8Array, from: number, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (names[from + i - at] !== bytes[i]) return false;
  return true;
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** FNV-1a over both names, its bits stirred so that the low ones differ too. */
function hashOf(
  sku: Uint8Array,
  skuAt: number,
  skuEnd: number,
  location: Uint8Array,
  locationAt: number,
  locationEnd: number,
): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = skuAt; at < skuEnd; at++) hash = Math.imul(hash ^ sku[at]!, 0x01000193);
  hash = Math.imul(hash ^ DIVIDER, 0x01000193);
  for (let at = locationAt; at < locationEnd; at++) hash = Math.imul(hash ^ location[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
