import type { Refusal } from '../decision.js';
import type { Applied } from '../order.js';
import { evolve, type Transfer } from './transfer.js';
import type { TransferEvent } from './transfer-events.js';

export type TransferDecided =
  | { readonly kind: 'applied'; readonly events: readonly TransferEvent[]; readonly transfer: Transfer }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** The events of one decision, and the transfer as they have made it so far. */
export class TransferDraft {
  readonly events: TransferEvent[] = [];
  constructor(
    private state: Transfer | undefined,
    private readonly applied: Applied,
  ) {}
  get transfer(): Transfer {
    return this.state!;
  }
  add(event: TransferEvent): void {
    this.events.push(event);
    this.state = evolve(this.state, event, this.applied);
  }
  decided(): TransferDecided {
    return this.events.length === 0
      ? { kind: 'unchanged' }
      : { kind: 'applied', events: this.events, transfer: this.transfer };
  }
}
