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
  private framed: string | undefined;

  constructor(readonly packet: string) {}

  get byteLength(): number {
    return this.packet.length + ENGINE_MESSAGE.length;
  }

  /** A byte per character (latin1): a text goes to the network without a buffer being made for each socket. */
  get websocketFrame(): string {
    this.framed ??= `${websocketHeader(this.byteLength)}${ENGINE_MESSAGE}${this.packet}`;
    return this.framed;
  }
}

const FIN_TEXT = 0x81;

/** RFC 6455 §5.2, for a text of so many bytes. */
function websocketHeader(length: number): string {
  if (length < 126) return String.fromCharCode(FIN_TEXT, length);
  if (length < 65_536) return String.fromCharCode(FIN_TEXT, 126, length >> 8, length & 0xff);
  const bytes = [24, 16, 8, 0].map((shift) => (length >> shift) & 0xff);
  return String.fromCharCode(FIN_TEXT, 127, 0, 0, 0, 0, ...bytes);
}

/**
 * Makes frames, and hands out the last one again when the next socket has the same pieces and the same number: the
 * members of one room who joined together share frame and bytes.
 */
export class StockFrames {
  private readonly lastPieces: Piece[] = [];
  private lastSeq = 0;
  private last = new StockFrame('');

  encode(pieces: readonly Piece[], seq: number): StockFrame {
    if (seq === this.lastSeq && samePieces(pieces, this.lastPieces)) return this.last;
    let packet = PACKET_START + pieces[0]!.json;
    this.lastPieces[0] = pieces[0]!;
    for (let i = 1; i < pieces.length; i++) {
      packet += `,${pieces[i]!.json}`;
      this.lastPieces[i] = pieces[i]!;
    }
    packet += `],{"seq":${seq}}]`;
    this.last = new StockFrame(packet);
    this.lastPieces.length = pieces.length;
    this.lastSeq = seq;
    return this.last;
  }
}

function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
