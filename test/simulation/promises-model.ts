/** A reservation of an order as the ledger's answers make it. */
interface Promised {
  readonly line: string;
  readonly location: string | undefined;
  readonly units: number;
  state: 'live' | 'released' | 'expired' | 'fulfilled';
}

export interface PromiseEntry {
  readonly _id: string;
  readonly type?: string;
  readonly reservationId?: string;
  readonly answer?: {
    readonly result: string;
    readonly allocations: readonly { readonly location: string; readonly quantity: number }[];
  };
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
  unitsOf(line: string): number {
    const own = this.byLine.get(line) ?? [];
    return own.reduce((sum, { state, units }) => sum + (state === 'live' || state === 'fulfilled' ? units : 0), 0);
  }

  /** The reservation that changed, with what became of it; nothing where it is of no order. */
  apply({
    type = '',
    reservationId = '',
    answer,
  }: PromiseEntry): { id: string; line: string; step: string } | undefined {
    if (!reservationId.startsWith('order/') || !answer) return undefined;
    if (answer.result !== 'accepted' && answer.result !== 'partial') return undefined;
    const line = lineOf(reservationId);
    if (type === 'reserve') {
      const units = answer.allocations.reduce((sum, { quantity }) => sum + quantity, 0);
      const location = answer.allocations.length === 1 ? answer.allocations[0]!.location : undefined;
      const made: Promised = { line, location, units, state: 'live' };
      this.promised.set(reservationId, made);
      this.byLine.set(line, [...(this.byLine.get(line) ?? []), made]);
    }
    const found = this.promised.get(reservationId);
    const after = ({ release: 'released', expire: 'expired', fulfil: 'fulfilled' } as const)[type];
    if (found && after) found.state = after;
    return { id: reservationId, line, step: type };
  }
}

/** `order/ORDER/LINE/N` → `ORDER/LINE`. */
export const lineOf = (reservationId: string): string => reservationId.split('/').slice(1, 3).join('/');
