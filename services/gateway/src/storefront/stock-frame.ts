import type { StockView } from '@shelfline/contracts/storefront-protocol';
import type { Piece } from './rooms.js';

export const STOREFRONT = '/storefront';

/** A socket.io EVENT packet; engine.io puts its own message type (`4`) in front. */
const PACKET_START = `2${STOREFRONT},["stock",[`;
const ENGINE_MESSAGE = '4';
const TEXT_START = `${ENGINE_MESSAGE}${PACKET_START}`;

/**
 * ASCII only, so that a text's length is its length in bytes; and made in one go: a text put together from parts is
 * kept as its parts, which would be gathered anew for every socket.
 */
export const encodeView = ({ sku, available, status, version, asOf }: StockView): string =>
  JSON.stringify({ sku, available, status, version, asOf }).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One `stock` message, as socket.io packet and as a whole websocket frame (server frames are not masked). */
export class StockFrame {
  private framed: string | undefined;
  readonly byteLength: number;

  /** `states`: those of the message with commas between them; `ending`: all that follows them. */
  constructor(
    private readonly states: string,
    private readonly ending: string,
  ) {
    this.byteLength = TEXT_START.length + states.length + ending.length;
  }

  get packet(): string {
    return PACKET_START + this.states + this.ending;
  }

  /** A byte per character (latin1): a text goes to the network without a buffer being made for each socket. */
  get websocketFrame(): string {
    this.framed ??= frameStart(this.byteLength) + this.states + this.ending;
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

/** Nearly all messages are shorter, and what they begin with is made once: some 300 kB when every length was seen. */
const SHORT_BYTES = 4096;
const shortStarts: string[] = [];

function frameStart(length: number): string {
  if (length >= SHORT_BYTES) return `${websocketHeader(length)}${TEXT_START}`;
  shortStarts[length] ??= [websocketHeader(length), TEXT_START].join('');
  return shortStarts[length];
}

/** A power of two. Sockets that came at about the same time are at about the same number. */
const ENDINGS_KEPT = 1024;

/** What ends the messages of a number, kept for the sockets that come to it next. */
class Endings {
  private readonly texts = Array.from({ length: ENDINGS_KEPT }, () => '');
  private readonly numbers = new Float64Array(ENDINGS_KEPT).fill(-1);

  of(seq: number): string {
    const place = seq & (ENDINGS_KEPT - 1);
    if (this.numbers[place] !== seq) {
      this.numbers[place] = seq;
      this.texts[place] = ['],{"seq":', seq, '}]'].join('');
    }
    return this.texts[place]!;
  }
}

/**
 * Makes frames, and hands out the last one again when the next socket has the same pieces and the same number: the
 * members of one room who joined together share frame and bytes.
 */
export class StockFrames {
  private readonly lastPieces: Piece[] = [];
  private readonly endings = new Endings();
  private lastSeq = 0;
  private last = new StockFrame('', '');

  encode(pieces: readonly Piece[], seq: number): StockFrame {
    if (seq === this.lastSeq && samePieces(pieces, this.lastPieces)) return this.last;
    let states = pieces[0]!.json;
    this.lastPieces[0] = pieces[0]!;
    for (let i = 1; i < pieces.length; i++) {
      states += `,${pieces[i]!.json}`;
      this.lastPieces[i] = pieces[i]!;
    }
    this.last = new StockFrame(states, this.endings.of(seq));
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
