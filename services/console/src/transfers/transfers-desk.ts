import type { Answered, Ask } from '../store-rest.js';

export interface TransferLine {
  readonly lineId: string;
  readonly sku: string;
  readonly requestedUnits: number;
  readonly heldUnits: number;
  readonly inTransitUnits: number;
}
export interface StoreTransfer {
  readonly transferId: string;
  readonly state: 'REQUESTED' | 'RESERVING' | 'APPROVED' | 'IN_TRANSIT' | 'CLOSED' | 'REJECTED' | 'CANCELLED';
  readonly from: string;
  readonly to: string;
  readonly orderId?: string;
  readonly lines: readonly TransferLine[];
  readonly actions: readonly string[];
  readonly overdue: number;
  readonly version: number;
}
export interface OpenTransfers {
  readonly incoming: readonly StoreTransfer[];
  readonly outgoing: readonly StoreTransfer[];
}
/** Units by line, as they were typed. */
export type Units = Readonly<Record<string, number>>;

const PATH = '/api/transfers';
const isOpen = ({ state }: StoreTransfer): boolean =>
  state === 'REQUESTED' || state === 'RESERVING' || state === 'APPROVED' || state === 'IN_TRANSIT';

/** What leaves: all that is reserved unless told otherwise. */
export const shippedLines = ({ lines }: Pick<StoreTransfer, 'lines'>, units: Units) =>
  lines
    .filter(({ heldUnits }) => heldUnits > 0)
    .map(({ lineId, heldUnits }) => ({ lineId, quantity: units[lineId] ?? heldUnits }));

/** What came: all that is on its way unless told otherwise. A line of which nothing came is left for the next time. */
export const receivedLines = ({ lines }: Pick<StoreTransfer, 'lines'>, came: Units, damaged: Units, reason: string) =>
  lines.flatMap(({ lineId, inTransitUnits }) => {
    const quantity = came[lineId] ?? inTransitUnits;
    const broken = Math.min(damaged[lineId] ?? 0, quantity);
    if (inTransitUnits === 0 || quantity === 0) return [];
    return [{ lineId, quantity, ...(broken > 0 ? { damaged: broken, reason } : {}) }];
  });

/** Transfers of one store, over REST. */
export class TransfersDesk {
  constructor(
    private readonly store: string,
    private readonly ask: Ask,
  ) {}

  readonly open = async (): Promise<Answered<OpenTransfers>> => {
    const [incoming, outgoing] = await Promise.all([this.list('to'), this.list('from')]);
    if (incoming.kind !== 'done') return incoming;
    if (outgoing.kind !== 'done') return outgoing;
    return { kind: 'done', value: { incoming: incoming.value, outgoing: outgoing.value } };
  };

  /** The version it was decided on names the request: pressed again without an answer, it is the same one. */
  step({ transferId, version }: StoreTransfer, action: 'ship' | 'receive' | 'close', said: object) {
    const path = `${PATH}/${encodeURIComponent(transferId)}/${action}`;
    return this.ask<StoreTransfer>('POST', path, { id: `${action}-${version}`, ...said });
  }

  private async list(side: 'from' | 'to'): Promise<Answered<readonly StoreTransfer[]>> {
    const query = new URLSearchParams({ [side]: this.store, limit: '100' });
    const found = await this.ask<{ items: readonly StoreTransfer[] }>('GET', `${PATH}?${query}`);
    return found.kind === 'done' ? { kind: 'done', value: found.value.items.filter(isOpen) } : found;
  }
}
