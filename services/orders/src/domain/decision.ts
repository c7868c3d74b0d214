import type { ReturnRules } from '@shelfline/contracts/return';
import type { Buyer } from './business/buyer.js';
import type { WorkingDay } from './capacity/working-day.js';
import { evolve } from './evolve-order.js';
import type { Applied, Order } from './order.js';
import { withoutHistory } from './order.js';
import type { OrderEvent } from './order-events.js';
import type { Placed } from './placed.js';
import type { ArrivingStock } from './presale/arriving.js';
import type { QuoteRead } from './quote-read.js';
import type { RoutingExplanation } from './sourcing/explain-routing.js';
import type { Absence } from './store/absence.js';
import type { PlaceHours } from './store/open-time.js';
import type { StockThere } from './store/refused-stock.js';
import type { StoreTerms } from './store/store-terms.js';
import type { WaitRule } from './wait-rule.js';

export interface WantedLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
}
/** One place, and what is to come from it. */
export interface Share {
  readonly location: string;
  readonly lines: readonly WantedLine[];
}
/** Where the wanted lines are best taken from. */
export interface RoutingPlan {
  readonly shares: readonly Share[];
  /** Other places that have it all, best first: the ledger may take the first that still has it. */
  readonly alternatives?: readonly string[];
  readonly why?: RoutingExplanation;
}

/** What decisions know of the world besides the order. */
export interface OrderContext extends Applied {
  readonly route: (order: Order, wanted: readonly WantedLine[]) => RoutingPlan;
  readonly findChannel: (
    code: string,
  ) => { readonly active: boolean; readonly trusted?: boolean | undefined } | undefined;
  /** Absent where nobody can tell. */
  readonly readQuote?: (jws: string) => QuoteRead;
  readonly findLocation: (
    code: string,
  ) => (PlaceHours & { readonly active: boolean; readonly mustAccept: boolean; readonly type?: string }) | undefined;
  /** What of a product stands at a place, promised or not; absent, or undefined, where nobody can tell. */
  readonly findStock?: (sku: string, location: string) => StockThere | undefined;
  /** By when what is brought there now is ready to be collected; absent, or undefined, where nobody can tell. */
  readonly transferBy?: (order: Order, from: string, to: string) => number | undefined;
  /** The next day on which a place has room for one more task; undefined where it has no limit. */
  readonly findWorkingDay?: (location: string, orderId?: string) => WorkingDay | undefined;
  /** What of a product is on its way and may be promised to such an order; absent where nothing is sold ahead. */
  readonly findArriving?: (placed: Placed, sku: string) => ArrivingStock | undefined;
  /** An organisation of the catalog; absent where none buys. */
  readonly findBuyer?: (code: string) => Buyer | undefined;
  /** Somebody is configured who gives buyers credit. */
  readonly givesCredit?: boolean;
  readonly knowsSku: (sku: string) => boolean;
  /** Of a product; undefined where the catalog names none. */
  readonly categoryOf?: (sku: string) => string | undefined;
  /** The standard ones unless told. */
  readonly returnRules?: ReturnRules;
  readonly holdForMs: number;
  readonly acceptWithinMs: number;
  readonly askAgainAfterMs: number;
  readonly retryAfterMs: number;
  /** How long what nobody has is waited for; for ever unless told. */
  readonly waitRules?: readonly WaitRule[];
  /** After nobody follows an order any more; absent = for ever. */
  readonly keepCustomerMs?: number;
  readonly store: StoreTerms;
  /** When nobody read the order's partition, of late; none unless told. */
  readonly absences?: readonly Absence[];
}

export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  /** What could be done instead. */
  readonly allowed?: readonly string[];
}
export type Decided =
  | {
      readonly kind: 'applied';
      readonly events: readonly OrderEvent[];
      readonly order: Order;
      /** It was refused, and that it was asked has to be remembered all the same. */
      readonly refusals?: readonly Refusal[];
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export const refused = (...refusals: Refusal[]): Decided => ({ kind: 'refused', refusals });

/** The order as it becomes while a decision is made: each event is applied before the next is thought of. */
export class OrderDraft {
  readonly events: OrderEvent[] = [];

  private state: Order | undefined;

  constructor(
    before: Order | undefined,
    private readonly applied: Applied,
  ) {
    this.state = before && withoutHistory(before);
  }

  get order(): Order {
    return this.state!;
  }

  add(...events: readonly OrderEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      this.state = evolve(this.state, event, this.applied);
    }
  }

  refused(refusal: Refusal): Decided {
    const decided = this.decided();
    return decided.kind === 'applied' ? { ...decided, refusals: [refusal] } : refused(refusal);
  }

  decided(): Decided {
    return this.events.length === 0
      ? { kind: 'unchanged' }
      : { kind: 'applied', events: this.events, order: this.order };
  }
}
