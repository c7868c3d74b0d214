import { EffectRead, type EffectSink } from './effect-read.js';
import { EffectsText, isNamed, setBucket } from './effects-text.js';

const DOUBLE = 0x01;
const TEXT = 0x02;
const OBJECT = 0x03;
const ARRAY = 0x04;
const BINARY = 0x05;
const INT32 = 0x10;
const INT64 = 0x12;
/** Bytes of values that have always as many; -1 = nobody writes such a value there. */
const FIXED_BYTES = new Int8Array(256).fill(-1);
for (const [type, bytes] of [
  [DOUBLE, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [INT32, 4],
  [0x11, 8],
  [INT64, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
] as const)
  FIXED_BYTES[type] = bytes;

/**
 * Gives the effects of stored movements to a sink, out of their BSON as it comes from the server. Read by hand: the
 * driver's objects cost ten times as much, and an audit reads ten million of them. Effects are a JSON text, or the array
 * that versions before it stored.
 */
export class RawMovements {
  private readonly effect = new EffectRead();
  private readonly text: EffectsText;

  constructor(private readonly sink: EffectSink) {
    this.text = new EffectsText(sink);
  }

  /** Of a BSON array of movements; answers how many had effects that were of use. */
  readAll(movements: Uint8Array, told: { read: number }): number {
    let used = 0;
    for (let at = 4; movements[at] !== 0; ) {
      const movementAt = afterName(movements, at + 1);
      if (this.read(movements, movementAt) > 0) used++;
      told.read++;
      at = movementAt + int32At(movements, movementAt);
    }
    return used;
  }

  /** Of the document that begins there; answers how many effects were of use. */
  read(bytes: Uint8Array, documentAt: number): number {
    const { effect } = this;
    let hasSku = false;
    let hasVersion = false;
    let effectsAt = -1;
    let effectsType = 0;
    for (let at = documentAt + 4; bytes[at] !== 0 && !(hasSku && hasVersion && effectsAt >= 0); ) {
      const type = bytes[at]!;
      const nameAt = at + 1;
      const valueAt = afterName(bytes, nameAt);
      const nameEnd = valueAt - 1;
      if (type === TEXT && isNamed(bytes, nameAt, nameEnd, 'sku')) {
        hasSku = true;
        effect.skuIn = bytes;
        effect.skuAt = valueAt + 4;
        effect.skuEnd = valueAt + 3 + int32At(bytes, valueAt);
      } else if ((type === TEXT || type === ARRAY) && isNamed(bytes, nameAt, nameEnd, 'effects')) {
        effectsAt = valueAt;
        effectsType = type;
      } else if (isNumber(type) && isNamed(bytes, nameAt, nameEnd, 'version')) {
        hasVersion = true;
        effect.version = numberAt(bytes, type, valueAt);
      }
      at = valueAt + bytesOf(bytes, type, valueAt);
    }
    if (!hasSku || effectsAt < 0) return 0;
    if (!hasVersion) effect.version = Number.NEGATIVE_INFINITY;
    if (effectsType === ARRAY) return this.readArray(bytes, effectsAt);
    return this.text.read(bytes, effectsAt + 4, effectsAt + 3 + int32At(bytes, effectsAt), effect);
  }

  private readArray(bytes: Uint8Array, arrayAt: number): number {
    let used = 0;
    for (let at = arrayAt + 4; bytes[at] !== 0; ) {
      const valueAt = afterName(bytes, at + 1);
      this.effect.begin();
      readObject(bytes, valueAt, this.effect);
      if (this.effect.hasLocation && this.sink.add(this.effect)) used++;
      at = valueAt + int32At(bytes, valueAt);
    }
    return used;
  }
}

function readObject(bytes: Uint8Array, objectAt: number, effect: EffectRead): void {
  for (let at = objectAt + 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const nameAt = at + 1;
    const valueAt = afterName(bytes, nameAt);
    if (type === TEXT && isNamed(bytes, nameAt, valueAt - 1, 'location')) {
      effect.locationIn = bytes;
      effect.locationAt = valueAt + 4;
      effect.locationEnd = valueAt + 3 + int32At(bytes, valueAt);
    } else if (isNumber(type)) setBucket(bytes, nameAt, valueAt - 1, numberAt(bytes, type, valueAt), effect);
    at = valueAt + bytesOf(bytes, type, valueAt);
  }
}

export function afterName(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at++;
  return at + 1;
}

export const int32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const isNumber = (type: number): boolean => type === DOUBLE || type === INT32 || type === INT64;

const number = new DataView(new ArrayBuffer(8));

function numberAt(bytes: Uint8Array, type: number, at: number): number {
  if (type === INT32) return int32At(bytes, at);
  number.setInt32(0, int32At(bytes, at), true);
  number.setInt32(4, int32At(bytes, at + 4), true);
  return type === DOUBLE ? number.getFloat64(0, true) : Number(number.getBigInt64(0, true));
}

export function bytesOf(bytes: Uint8Array, type: number, at: number): number {
  switch (type) {
    case TEXT:
    case 0x0d:
    case 0x0e:
      return 4 + int32At(bytes, at);
    case OBJECT:
    case ARRAY:
      return int32At(bytes, at);
    case BINARY:
      return 5 + int32At(bytes, at);
    default: {
      const fixed = FIXED_BYTES[type]!;
      if (fixed < 0) throw new Error(`a movement has a value of BSON type ${type}, which nobody writes there`);
      return fixed;
    }
  }
}
