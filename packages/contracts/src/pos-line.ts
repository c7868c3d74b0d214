import { unguardFormula } from './csv-cells.js';
import { timeReader } from './local-time.js';
import type { StockFact } from './stock-delta.js';

/** Columns of a file of till lines that are read; any others (household, prices) are not passed on. */
export const POS_LINE_COLUMNS = ['transaction_timestamp', 'store_id', 'basket_id', 'product_id', 'quantity'] as const;
export type PosLineRow = Readonly<Partial<Record<(typeof POS_LINE_COLUMNS)[number], string>>>;

/** Where a row stands in its file; a file is read again from such a place. */
export interface FilePlace {
  /** Offset of the row's first byte. */
  readonly byte: number;
  /** Number of the row's first line; the header is line 1. */
  readonly line: number;
}

/**
 * A till line has no number of its own, so its event id is basket, product and the how-manieth line of that product in
 * that basket (from 1). It is therefore the same wherever the basket stands in a file, however the file is split
 * between baskets, and whatever lines of other products are added; two lines of one product stay two events.
 * A `-` within the basket's id is escaped, so that no two lines share an id by chance.
 */
export const posLineEventId = (basketId: string, productId: string, occurrence: number): string =>
  `${basketId.replaceAll('%', '%25').replaceAll('-', '%2D')}-${productId}-${occurrence}`;

export const posSource = (storeId: string): string => `pos-${storeId}`;

export interface PosLineOptions {
  /** Put before the store's id to make its location code. */
  readonly locationPrefix?: string;
  /** `pos-` + the store's id unless told. */
  readonly source?: string;
  /** IANA zone of times without an offset. */
  readonly timeZone?: string;
  /**
   * Baskets whose lines may still come, the most lately seen ones. Lines of a basket stand together or near each
   * other; a line that comes after this many other baskets would be counted from 1 again.
   */
  readonly openBaskets?: number;
}
export type PosLineReading =
  | { readonly ok: true; readonly fact: StockFact & { readonly occurredAtSource: string } }
  | { readonly ok: false; readonly reason: string };

interface OpenBasket {
  readonly began: FilePlace;
  readonly lines: Map<string, number>;
}
/** Bounds what a file that is all one basket can take of memory; no till has such a basket. */
const MAX_PRODUCTS_PER_BASKET = 1000;
const NOWHERE: FilePlace = { byte: 0, line: 0 };

/**
 * Turns till lines into sales. Every line counts towards the occurrence, usable or not, so that a line put right later
 * keeps its id and its neighbours theirs.
 */
export class PosLineReader {
  private readonly open = new Map<string, OpenBasket>();
  private readonly readTime;
  private readonly options: Required<Omit<PosLineOptions, 'source' | 'timeZone'>> & Pick<PosLineOptions, 'source'>;

  constructor({ locationPrefix = 'store-', source, timeZone = 'UTC', openBaskets = 1000 }: PosLineOptions = {}) {
    this.options = { locationPrefix, source, openBaskets };
    this.readTime = timeReader(timeZone);
  }

  read(row: PosLineRow, place: FilePlace = NOWHERE): PosLineReading {
    const cell = (name: (typeof POS_LINE_COLUMNS)[number]) => unguardFormula(row[name] ?? '').trim();
    const [basketId, productId, storeId] = [cell('basket_id'), cell('product_id'), cell('store_id')];
    if (basketId === '') return refuse('basket_id is empty');
    if (productId === '') return refuse('product_id is empty');
    const occurrence = this.count(basketId, productId, place);
    if (occurrence === undefined) return refuse(`basket has more than ${MAX_PRODUCTS_PER_BASKET} products`);
    if (storeId === '') return refuse('store_id is empty');
    const quantity = readQuantity(cell('quantity'));
    if (typeof quantity === 'string') return refuse(quantity);
    const timestamp = cell('transaction_timestamp');
    const occurredAtMs = this.readTime(timestamp);
    if (occurredAtMs === undefined)
      return refuse(
        timestamp === ''
          ? 'transaction_timestamp is empty'
          : 'transaction_timestamp is no date and time; write it as 2017-01-31T18:05:00',
      );
    return {
      ok: true,
      fact: {
        id: posLineEventId(basketId, productId, occurrence),
        source: this.options.source ?? posSource(storeId),
        type: 'sale',
        sku: productId,
        location: `${this.options.locationPrefix}${storeId}`,
        quantity,
        occurredAt: new Date(occurredAtMs).toISOString(),
        occurredAtSource: timestamp,
        reference: basketId,
      },
    };
  }

  /**
   * The first line of the longest open basket. A new reader that is given all lines from there on is in the same state
   * as this one, since which baskets are open depends only on the order in which they were last seen.
   */
  oldestOpenPlace(): FilePlace | undefined {
    let oldest: FilePlace | undefined;
    for (const { began } of this.open.values()) if (!oldest || began.byte < oldest.byte) oldest = began;
    return oldest;
  }

  private count(basketId: string, productId: string, place: FilePlace): number | undefined {
    const basket = this.open.get(basketId) ?? { began: place, lines: new Map<string, number>() };
    this.open.delete(basketId);
    this.open.set(basketId, basket);
    if (this.open.size > this.options.openBaskets) {
      const [leastLatelySeen] = this.open.keys();
      if (leastLatelySeen !== undefined) this.open.delete(leastLatelySeen);
    }
    const occurrence = (basket.lines.get(productId) ?? 0) + 1;
    if (occurrence === 1 && basket.lines.size >= MAX_PRODUCTS_PER_BASKET) return undefined;
    basket.lines.set(productId, occurrence);
    return occurrence;
  }
}

const refuse = (reason: string): PosLineReading => ({ ok: false, reason });

/** The quantity, or why it is none. */
function readQuantity(text: string): number | string {
  if (text === '') return 'quantity is empty';
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return 'quantity is not a number';
  const quantity = Number(text);
  if (!Number.isSafeInteger(quantity))
    return Number.isInteger(quantity) ? 'quantity is too large' : 'quantity is not a whole number';
  if (quantity === 0) return 'quantity is 0';
  if (quantity < 0) return 'quantity is negative; a return is a delta of its own type';
  return quantity;
}
