import type { StockView } from '@shelfline/contracts/storefront-protocol';
import type { Piece } from './rooms.js';

export const STOREFRONT = '/storefront';

/** A socket.io EVENT packet; engine.io puts its own message type (`4`) in front. */
const PACKET_START = `2${STOREFRONT},["stock",[`;
const ENGINE_MESSAGE = '4';

/** ASCII only, so that a text's length is its length in bytes. */
const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const encodeView = ({ sku, available, status, version, asOf }: StockView): string =>
  `{"sku":${asciiJson(sku)},"available":${available},"status":"${status}","version":${version},"asOf":${asciiJson(asOf)}}`;

/** One `stock` message, as socket.io packet and as a whole websocket frame (server frames are not masked). */
export class StockFrame {
  private encoded: Buffer | undefined;

  constructor(readonly packet: string) {}

  get byteLength(): number {
    return this.packet.length + ENGINE_MESSAGE.length;
  }

  get websocketFrame(): Buffer {
    this.encoded ??= websocketTextFrame(ENGINE_MESSAGE + this.packet);
    return this.encoded;
  }
}

const FIN_TEXT = 0x81;

/** RFC 6455 §5.2, for ASCII text. */
function websocketTextFrame(text: string): Buffer {
  const length = text.length;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FIN_TEXT;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.write(text, headerLength, length, 'latin1');
  return frame;
}

/**
 * Makes frames, and hands out the last one again when the next socket has the same pieces and the same number: the
 * members of one room who joined together share frame and bytes.
 */
export class StockFrames {
  private lastPieces: readonly Piece[] = [];
  private lastSeq = 0;
  private last = new StockFrame('');

  encode(pieces: readonly Piece[], seq: number): StockFrame {
    if (seq === this.lastSeq && samePieces(pieces, this.lastPieces)) return this.last;
    let packet = PACKET_START + pieces[0]!.json;
    for (let i = 1; i < pieces.length; i++) packet += `,${pieces[i]!.json}`;
    packet += `],{"seq":${seq}}]`;
    this.last = new StockFrame(packet);
    this.lastPieces = pieces;
    this.lastSeq = seq;
    return this.last;
  }
}

function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
