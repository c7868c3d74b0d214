import { addEffect as addChanges, type Buckets } from './stock-buckets.js';
import type { Effect } from './stock-entry.js';

/** A name in a stored movement, by its bytes: one char a byte, so that names compare as texts without being decoded. */
type RawName = string;
export interface RawEffectSink {
  /** The bucket sums of a level, to which an effect's changes are added. */
  sumsOf(sku: RawName, location: RawName): Buckets;
}

const DOUBLE = 0x01;
const TEXT = 0x02;
const OBJECT = 0x03;
const ARRAY = 0x04;
const BINARY = 0x05;
const INT32 = 0x10;
const INT64 = 0x12;
/** Bytes of values that have always as many. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
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
]);
const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming'] as const;

export const decodeName = (raw: RawName): string => Buffer.from(raw, 'latin1').toString('utf8');

/**
 * Adds the stored effects of one movement, `{ sku, effects }` in BSON, to the sums of its levels. Read by hand: the
 * driver's objects cost five times as much, and an audit reads ten million of them. Answers how many effects there were.
 */
export function addRawEffects(movement: Uint8Array, sink: RawEffectSink): number {
  const bytes = Buffer.from(movement.buffer, movement.byteOffset, movement.byteLength);
  let sku: RawName | undefined;
  let effectsAt = -1;
  let texts: string | undefined;
  for (let at = 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const nameAt = at + 1;
    const valueAt = afterName(bytes, nameAt);
    if (type === TEXT && isNamed(bytes, nameAt, valueAt, 'sku')) sku = textAt(bytes, valueAt);
    else if (type === TEXT && isNamed(bytes, nameAt, valueAt, 'effects'))
      texts = bytes.toString('utf8', valueAt + 4, valueAt + 3 + int32At(bytes, valueAt));
    else if (type === ARRAY && isNamed(bytes, nameAt, valueAt, 'effects')) effectsAt = valueAt;
    at = valueAt + bytesOf(bytes, type, valueAt);
  }
  if (sku !== undefined && texts !== undefined) return addTextEffects(texts, sku, sink);
  if (sku === undefined || effectsAt < 0) return 0;
  let effects = 0;
  for (let at = effectsAt + 4; bytes[at] !== 0; effects++) {
    const valueAt = afterName(bytes, at + 1);
    addEffect(bytes, valueAt, sku, sink);
    at = valueAt + bytes.readInt32LE(valueAt);
  }
  return effects;
}

function addTextEffects(text: string, sku: RawName, sink: RawEffectSink): number {
  const effects = JSON.parse(text) as readonly Effect[];
  for (const effect of effects)
    addChanges(sink.sumsOf(sku, Buffer.from(effect.location, 'utf8').toString('latin1')), effect);
  return effects.length;
}

function addEffect(bytes: Buffer, effectAt: number, sku: RawName, sink: RawEffectSink): void {
  const location = locationOf(bytes, effectAt);
  if (location === undefined) return;
  const sums = sink.sumsOf(sku, location);
  for (let at = effectAt + 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const valueAt = afterName(bytes, at + 1);
    if (type === INT32 || type === DOUBLE || type === INT64) {
      const bucket = bucketNamed(bytes, at + 1, valueAt);
      if (bucket !== undefined) sums[bucket] += numberAt(bytes, type, valueAt);
    }
    at = valueAt + bytesOf(bytes, type, valueAt);
  }
}

function locationOf(bytes: Buffer, effectAt: number): RawName | undefined {
  for (let at = effectAt + 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const valueAt = afterName(bytes, at + 1);
    if (type === TEXT && isNamed(bytes, at + 1, valueAt, 'location')) return textAt(bytes, valueAt);
    at = valueAt + bytesOf(bytes, type, valueAt);
  }
  return undefined;
}

function bucketNamed(bytes: Buffer, from: number, valueAt: number): (typeof BUCKETS)[number] | undefined {
  for (const bucket of BUCKETS)
    if (valueAt - 1 - from === bucket.length && isNamed(bytes, from, valueAt, bucket)) return bucket;
  return undefined;
}

function isNamed(bytes: Buffer, from: number, valueAt: number, name: string): boolean {
  if (valueAt - 1 - from !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name.charCodeAt(i)) return false;
  return true;
}

function afterName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at++;
  return at + 1;
}

const int32At = (bytes: Buffer, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const textAt = (bytes: Buffer, at: number): RawName => bytes.toString('latin1', at + 4, at + 3 + int32At(bytes, at));

function numberAt(bytes: Buffer, type: number, at: number): number {
  if (type === INT32) return int32At(bytes, at);
  return type === DOUBLE ? bytes.readDoubleLE(at) : Number(bytes.readBigInt64LE(at));
}

function bytesOf(bytes: Buffer, type: number, at: number): number {
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
      const fixed = FIXED_BYTES.get(type);
      if (fixed === undefined)
        throw new Error(`a movement has a value of BSON type ${type}, which nobody writes there`);
      return fixed;
    }
  }
}
