import { EffectRead, type EffectSink } from './effect-read.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** So many digits are exact as a number, whatever they are. */
const EXACT_DIGITS = 15;
const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;

/**
 * Reads a line of a pack (movement-packs.ts) where it stands, as far as its effects: `["sku",version,[{effect},…],…`, in
 * the form `JSON.stringify` gives it: no spaces, whole numbers, objects of numbers and texts. From the first thing on
 * that is of another form, `JSON.parse` reads the line, which knows the rest and takes some ten times as long.
 */
export class EffectsLine {
  private at = 0;
  private number = 0;
  private readonly effect = new EffectRead();

  constructor(private readonly sink: EffectSink) {}

  /** Answers how many effects were of use. */
  read(bytes: Uint8Array, from: number, end: number): number {
    // Forwards and repeats move nothing.
    if (bytes[from] === OPEN) return 0;
    let given = 0;
    let used = 0;
    if (this.readHead(bytes, from)) {
      if (bytes[this.at + 1] === CLOSE_LIST) return 0;
      for (let before = OPEN_LIST; bytes[this.at] === before; before = COMMA) {
        this.at++;
        if (!this.readEffect(bytes, this.effect)) break;
        given++;
        if (this.sink.add(this.effect)) used++;
        if (bytes[this.at] === CLOSE_LIST) return used;
      }
    }
    return used + this.parse(bytes.subarray(from, end), given);
  }

  /** SKU and version; ends at the list of effects. */
  private readHead(bytes: Uint8Array, from: number): boolean {
    const { effect } = this;
    if (bytes[from] !== OPEN_LIST || bytes[from + 1] !== QUOTE) return false;
    const skuEnd = endOfText(bytes, from + 2);
    if (skuEnd < 0 || bytes[skuEnd + 1] !== COMMA) return false;
    this.at = skuEnd + 2;
    if (!this.readNumber(bytes) || bytes[this.at] !== COMMA || bytes[this.at + 1] !== OPEN_LIST) return false;
    effect.skuIn = bytes;
    effect.skuAt = from + 2;
    effect.skuEnd = skuEnd;
    effect.version = this.number;
    this.at++;
    return true;
  }

  private readEffect(bytes: Uint8Array, effect: EffectRead): boolean {
    effect.begin();
    if (bytes[this.at] !== OPEN) return false;
    do {
      const nameAt = this.at + 2;
      if (bytes[nameAt - 1] !== QUOTE) return false;
      const nameEnd = endOfText(bytes, nameAt);
      if (nameEnd < 0 || bytes[nameEnd + 1] !== COLON) return false;
      this.at = nameEnd + 2;
      const isRead = bytes[this.at] === QUOTE ? this.readText(bytes, nameAt, nameEnd, effect) : this.readNumber(bytes);
      if (!isRead) return false;
      if (bytes[this.at - 1] !== QUOTE) setBucket(bytes, nameAt, nameEnd, this.number, effect);
    } while (bytes[this.at] === COMMA);
    if (bytes[this.at] !== CLOSE || !effect.hasLocation) return false;
    this.at++;
    return true;
  }

  private readText(bytes: Uint8Array, nameAt: number, nameEnd: number, effect: EffectRead): boolean {
    const textEnd = endOfText(bytes, this.at + 1);
    if (textEnd < 0) return false;
    if (isNamed(bytes, nameAt, nameEnd, 'location')) {
      effect.locationIn = bytes;
      effect.locationAt = this.at + 1;
      effect.locationEnd = textEnd;
    }
    this.at = textEnd + 1;
    return true;
  }

  private readNumber(bytes: Uint8Array): boolean {
    const isBelowZero = bytes[this.at] === MINUS;
    const from = isBelowZero ? this.at + 1 : this.at;
    let at = from;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO)
      value = value * 10 + digit;
    // Where a fraction or an exponent follows, neither a comma nor the object's end does, and whoever asked sees it.
    if (at === from || at - from > EXACT_DIGITS) return false;
    this.at = at;
    this.number = isBelowZero ? -value : value;
    return true;
  }

  /** Effects before `given` were read already. */
  private parse(line: Uint8Array, given: number): number {
    const { effect } = this;
    const { sku, version, effects } = movementOf(line);
    effect.skuIn = Buffer.from(sku);
    [effect.skuAt, effect.skuEnd] = [0, effect.skuIn.length];
    effect.version = version;
    let used = 0;
    for (const { location, ...changes } of effects.slice(given)) {
      effect.begin();
      effect.locationIn = Buffer.from(location);
      effect.locationEnd = effect.locationIn.length;
      for (const bucket of BUCKETS) effect[bucket] = changes[bucket] ?? 0;
      if (effect.hasLocation && this.sink.add(effect)) used++;
    }
    return used;
  }
}

type Changes = { readonly location: string } & { readonly [bucket in (typeof BUCKETS)[number]]?: number };

function movementOf(line: Uint8Array): { sku: string; version: number; effects: readonly Changes[] } {
  const json = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
  try {
    const [sku, version, effects] = JSON.parse(json) as [string, number, readonly Changes[]];
    return { sku, version, effects };
  } catch (cause) {
    throw new Error(`a pack has a line that is not JSON: ${json.slice(0, 200)}`, { cause });
  }
}

/** -1 where an escape is in it, or no end. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) return -1;
  }
  return -1;
}

/** The balances after it, and names that nobody knows yet, change nothing. */
function setBucket(bytes: Uint8Array, nameAt: number, nameEnd: number, value: number, effect: EffectRead): void {
  switch (nameEnd - nameAt) {
    case 6:
      if (isNamed(bytes, nameAt, nameEnd, 'onHand')) effect.onHand = value;
      break;
    case 7:
      if (isNamed(bytes, nameAt, nameEnd, 'damaged')) effect.damaged = value;
      break;
    case 8:
      if (isNamed(bytes, nameAt, nameEnd, 'reserved')) effect.reserved = value;
      else if (isNamed(bytes, nameAt, nameEnd, 'incoming')) effect.incoming = value;
      break;
    case 14:
      if (isNamed(bytes, nameAt, nameEnd, 'qualityControl')) effect.qualityControl = value;
      break;
    default:
  }
}

export function isNamed(bytes: Uint8Array, from: number, end: number, name: string): boolean {
  if (end - from !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name.charCodeAt(i)) return false;
  return true;
}
