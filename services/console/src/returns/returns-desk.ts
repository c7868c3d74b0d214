import type { Answered, Ask } from '../store-rest.js';
import { type Choices, type StoreReturn, toDispose, toInspect } from './return-choices.js';

export interface SoldOrder {
  readonly orderId: string;
  readonly channelOrder?: string;
  readonly placedAt: string;
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly returnableUnits: number }[];
}
const PATH = '/api/orders/returns';

/** The counter of one store, over REST. */
export class ReturnsDesk {
  constructor(
    private readonly store: string,
    private readonly ask: Ask,
  ) {}

  /** By whichever number it is: people at a counter do not know which system gave it. */
  async findSold(number: string): Promise<Answered<readonly SoldOrder[]>> {
    for (const by of ['orderId', 'channelOrder', 'member']) {
      const query = new URLSearchParams({ [by]: number });
      const found = await this.ask<{ items: readonly SoldOrder[] }>('GET', `${PATH}/returnable?${query}`);
      if (found.kind !== 'done') return found;
      if (found.value.items.length > 0) return { kind: 'done', value: found.value.items };
    }
    return { kind: 'done', value: [] };
  }

  readonly openReturns = async (): Promise<Answered<readonly StoreReturn[]>> => {
    const query = new URLSearchParams({ store: this.store, limit: '100' });
    const found = await this.ask<{ items: readonly StoreReturn[] }>('GET', `${PATH}?${query}`);
    if (found.kind !== 'done') return found;
    return {
      kind: 'done',
      value: found.value.items.filter(({ state }) => state !== 'CLOSED' && state !== 'CANCELLED'),
    };
  };

  takeIn(orderId: string, returnId: string, lines: readonly { lineId: string; units: number }[]) {
    const body = { id: returnId, orderId, returnId, store: this.store, receivedHere: true, lines };
    return this.ask<StoreReturn>('POST', PATH, body);
  }

  /** Inspected, then disposed; what is done already is not done again. Ids hold the version they were decided on. */
  async decide(from: StoreReturn, choices: Choices): Promise<Answered<StoreReturn>> {
    const path = `${PATH}/${encodeURIComponent(from.orderId)}/${encodeURIComponent(from.returnId)}`;
    let now = from;
    for (const [step, linesOf] of [
      ['inspect', toInspect],
      ['dispose', toDispose],
    ] as const) {
      const lines = linesOf(now, choices);
      if (lines.length === 0) continue;
      const body = { id: `${step}-${from.returnId}-${from.version}`, store: this.store, lines };
      const answer = await this.ask<StoreReturn>('POST', `${path}/${step}`, body);
      if (answer.kind !== 'done') return answer;
      now = answer.value;
    }
    return { kind: 'done', value: now };
  }
}
