import type { EffectSink } from './effect-read.js';
import { EffectsLine, isNamed } from './effects-line.js';

const LINE_BREAK = 0x0a;
const TEXT = 0x02;
const OBJECT = 0x03;
const ARRAY = 0x04;
const BINARY = 0x05;
/** Bytes of values that have always as many; -1 = nobody writes such a value there. */
const FIXED_BYTES = new Int8Array(256).fill(-1);
for (const [type, bytes] of [
  [0x01, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
] as const)
  FIXED_BYTES[type] = bytes;

/**
 * Gives the effects of stored movements to a sink, out of the BSON of their packs as it comes from the server. Read by
 * hand: the driver's objects cost ten times as much, and an audit reads ten million movements.
 */
export class RawMovements {
  private readonly line: EffectsLine;

  constructor(sink: EffectSink) {
    this.line = new EffectsLine(sink);
  }

  /** Of a BSON array of packs. */
  readAll(packs: Uint8Array, told: { read: number; used: number }): void {
    for (let at = 4; packs[at] !== 0; ) {
      const packAt = afterName(packs, at + 1);
      this.read(packs, packAt, told);
      at = packAt + int32At(packs, packAt);
    }
  }

  /** Of the pack that begins there; `used` = movements with effects that were of use. */
  read(bytes: Uint8Array, packAt: number, told: { read: number; used: number }): void {
    for (let at = packAt + 4; bytes[at] !== 0; ) {
      const valueAt = afterName(bytes, at + 1);
      if (bytes[at] === TEXT && isNamed(bytes, at + 1, valueAt - 1, 'lines')) {
        this.readLines(bytes, valueAt + 4, valueAt + 3 + int32At(bytes, valueAt), told);
        return;
      }
      at = valueAt + bytesOf(bytes, bytes[at]!, valueAt);
    }
  }

  private readLines(bytes: Uint8Array, from: number, end: number, told: { read: number; used: number }): void {
    for (let at = from; at < end; ) {
      const found = bytes.indexOf(LINE_BREAK, at);
      const lineEnd = found < 0 || found > end ? end : found;
      told.read++;
      if (this.line.read(bytes, at, lineEnd) > 0) told.used++;
      at = lineEnd + 1;
    }
  }
}

export function afterName(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at++;
  return at + 1;
}

export const int32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

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
