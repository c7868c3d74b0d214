/** A member's cart, whatever channel it was changed on. `version` grows with every change. */
export interface MemberCart {
  readonly memberId: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Through which it was last changed. */
    readonly channel: string;
    readonly addedAt: string;
  }[];
  /** The newest that were made of it, the newest last. */
  readonly orders: readonly {
    readonly orderId: string;
    readonly at: string;
    readonly result: 'under_way' | 'ordered' | 'out_of_stock' | 'refused';
    /** What became of it, as `POST /api/orders` says it; `pending` while it is under way. Absent of a refused one. */
    readonly became?: 'placed' | 'backordered' | 'waiting_for_credit' | 'out_of_stock' | 'pending';
    readonly promisedUnits?: number;
    readonly awaitedUnits?: number;
    readonly waitingUnits?: number;
    readonly cancelledUnits?: number;
    readonly expectedAt?: string;
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  }[];
  readonly changedAt: string;
  /** Unless it changes before. */
  readonly expiresAt: string;
  /** Nobody changed it for so long that it is empty now. */
  readonly expired?: true;
  readonly version: number;
}

export interface WatchCartAnswer {
  readonly ok: true;
  readonly epoch: string;
  readonly memberId: string;
  readonly cart: MemberCart | null;
}

export type CartCallback = (cart: MemberCart) => void;
