/** A reservation of an order as the ledger's answers make it. */
interface Promised {
  readonly id: string;
  readonly line: string;
  readonly location: string | undefined;
  readonly units: number;
  /** `taken_over`: left by a transfer, which brings it to where it is promised anew. */
  state: 'live' | 'released' | 'expired' | 'fulfilled' | 'taken_over';
}

/** What a fact brings for somebody is reserved for him in the same step. */
export interface HeldForArrival {
  readonly reservationId: string;
  readonly location: string;
}

export interface PromiseEntry {
  readonly _id: string;
  readonly type?: string;
  readonly reservationId?: string;
  readonly effects?: readonly { readonly location: string; readonly reserved?: number }[];
  readonly answer?: {
    readonly result: string;
    readonly allocations: readonly { readonly location: string; readonly quantity: number }[];
    readonly awaited?: readonly { readonly location: string; readonly quantity: number }[];
  };
  readonly shortfalls?: readonly {
    readonly of?: string;
    readonly endangered: readonly { readonly reservationId: string }[];
  }[];
}

/** What the ledger has promised to orders, worked out from its answers alone, in the order they were committed. */
export class PromisesModel {
  private readonly promised = new Map<string, Promised>();
  private readonly byLine = new Map<string, Promised[]>();

  find(reservationId: string): Readonly<Promised> | undefined {
    return this.promised.get(reservationId);
  }
  live(): string[] {
    return [...this.promised].flatMap(([id, { state }]) => (state === 'live' ? [id] : []));
  }
  /** Units that stand behind a line now, or have gone out for it. */
  unitsOf(line: string, isWanted: (reservationId: string) => boolean): number {
    const own = (this.byLine.get(line) ?? []).filter(({ id }) => isWanted(id));
    return own.reduce((sum, { state, units }) => sum + (state === 'live' || state === 'fulfilled' ? units : 0), 0);
  }

  /** The reservation that changed, with what became of it; nothing where it is of no order. */
  apply(entry: PromiseEntry, heldFor?: HeldForArrival): Changed | undefined {
    const { _id, type = '', reservationId = '', answer, effects = [], shortfalls = [] } = entry;
    // Of a delivery that does not come what was promised is taken back in the same step.
    for (const { of, endangered } of shortfalls)
      for (const one of of === 'incoming' ? endangered : []) {
        const taken = this.promised.get(one.reservationId);
        if (taken) taken.state = 'released';
      }
    if (heldFor) return this.arrive(heldFor, effects);
    if (!reservationId.startsWith('order/') || !answer) return undefined;
    if (answer.result !== 'accepted' && answer.result !== 'partial') return undefined;
    const isOfTransfer = _id.startsWith('transfers/');
    if (type === 'reserve') {
      // What is promised of a delivery comes to one place too.
      const parts = [...answer.allocations, ...(answer.awaited ?? [])];
      const units = parts.reduce((sum, { quantity }) => sum + quantity, 0);
      this.make(reservationId, units, parts.length === 1 ? parts[0]!.location : undefined);
    }
    const found = this.promised.get(reservationId);
    const left = isOfTransfer ? 'taken_over' : 'fulfilled';
    const after = ({ release: 'released', expire: 'expired', fulfil: left } as const)[type];
    if (found && after) found.state = after;
    return { id: reservationId, line: lineOf(reservationId), step: type, isOfTransfer };
  }

  private arrive({ reservationId, location }: HeldForArrival, effects: PromiseEntry['effects']): Changed | undefined {
    const units = effects!.reduce((sum, { reserved = 0 }) => sum + reserved, 0);
    if (units <= 0 || !reservationId.startsWith('order/')) return undefined;
    this.make(reservationId, units, location);
    return { id: reservationId, line: lineOf(reservationId), step: 'reserve', isOfTransfer: true };
  }

  private make(reservationId: string, units: number, location: string | undefined): void {
    const line = lineOf(reservationId);
    const made: Promised = { id: reservationId, line, location, units, state: 'live' };
    this.promised.set(reservationId, made);
    this.byLine.set(line, [...(this.byLine.get(line) ?? []), made]);
  }
}

export interface Changed {
  readonly id: string;
  readonly line: string;
  readonly step: string;
  /** By a transfer that brings it to where it is collected, and by no order. */
  readonly isOfTransfer: boolean;
}

/** `order/ORDER/LINE/N` → `ORDER/LINE`. */
export const lineOf = (reservationId: string): string => reservationId.split('/').slice(1, 3).join('/');
