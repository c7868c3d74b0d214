import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TransferMessage } from '@shelfline/contracts/transfer';
import { decideTransfer, type TransferContext, transferFallsDue } from '../domain/transfers/decide-transfer.js';
import { inTransitUnits, type Transfer } from '../domain/transfers/transfer.js';
import { transferDeltas } from '../domain/transfers/transfer-commands.js';
import type { TransferDecided } from '../domain/transfers/transfer-draft.js';
import { transferAnswerOf } from '../transfers/ledger-answer.js';

export const HOUR_MS = 3_600_000;
export const START_MS = Date.UTC(2026, 2, 1, 9);

interface Shelf {
  onHand: number;
  reserved: number;
  damaged: number;
  incoming: number;
}

/** A ledger as far as transfers need one: each id has its effect once, and a repeat is answered again. */
export class SceneLedger {
  readonly shelves = new Map<string, Shelf>();
  readonly facts: StockFact[] = [];
  private readonly held = new Map<
    string,
    { sku: string; units: number; at: string; state: 'held' | 'gone' | 'free' }
  >();
  private readonly seen = new Map<string, StockOutcome | undefined>();

  shelf(sku: string, location: string): Shelf {
    const key = `${sku}@${location}`;
    const known = this.shelves.get(key) ?? { onHand: 0, reserved: 0, damaged: 0, incoming: 0 };
    this.shelves.set(key, known);
    return known;
  }
  apply(delta: StockCommand | StockFact): StockOutcome | undefined {
    if (this.seen.has(delta.id)) return this.seen.get(delta.id);
    const answer = 'reservationId' in delta ? this.promise(delta as StockCommand) : this.record(delta as StockFact);
    this.seen.set(delta.id, answer);
    return answer;
  }

  private record(fact: StockFact): undefined {
    this.facts.push(fact);
    const shelf = this.shelf(fact.sku, fact.location);
    const { quantity } = fact;
    switch (fact.type) {
      case 'expect':
        shelf.incoming += 'withdrawn' in fact && fact.withdrawn ? -Math.min(quantity, shelf.incoming) : quantity;
        break;
      case 'transfer_in':
        shelf.onHand += quantity;
        shelf.incoming -= Math.min(quantity, shelf.incoming);
        break;
      case 'transfer_out':
        shelf.onHand -= quantity;
        break;
      case 'adjustment':
        shelf.onHand += quantity;
        break;
      case 'damage':
        shelf.damaged += quantity;
        break;
      case 'count':
      case 'receipt':
      case 'return':
      case 'sale':
        throw new Error(`a transfer tells no ${fact.type}`);
    }
  }

  private promise(command: StockCommand): StockOutcome {
    const { type, id, sku } = command;
    const { reservationId } = command as { reservationId: string };
    const base = {
      type: 'reservation' as const,
      id,
      source: command.source,
      sku,
      reservationId,
      command: type,
      version: 1,
    };
    const answer = (result: 'accepted' | 'partial' | 'refused', units = 0, shortUnits = 0): StockOutcome => ({
      ...base,
      result,
      allocations: units > 0 ? [{ location: this.held.get(reservationId)!.at, quantity: units }] : [],
      shortUnits,
    });
    const known = this.held.get(reservationId);
    if (command.type === 'reserve') {
      const at = command.locations![0]!;
      const shelf = this.shelf(sku, at);
      const units = known ? 0 : Math.max(0, Math.min(command.quantity, shelf.onHand - shelf.reserved - shelf.damaged));
      if (units === 0) return answer('refused', 0, command.quantity);
      this.held.set(reservationId, { sku, units, at, state: 'held' });
      shelf.reserved += units;
      return answer(units < command.quantity ? 'partial' : 'accepted', units, command.quantity - units);
    }
    if (type === 'release' && !known) this.held.set(reservationId, { sku, units: 0, at: 'nowhere', state: 'free' });
    if (!known || known.state !== 'held') return answer(type === 'release' ? 'accepted' : 'refused');
    const shelf = this.shelf(sku, known.at);
    shelf.reserved -= known.units;
    if (type === 'fulfil') shelf.onHand -= known.units;
    known.state = type === 'fulfil' ? 'gone' : 'free';
    return answer('accepted');
  }
  /** As if its time had run out. */
  end(reservationId: string): void {
    const known = this.held.get(reservationId);
    if (known?.state !== 'held') return;
    known.state = 'free';
    this.shelf(known.sku, known.at).reserved -= known.units;
  }
}

/** As the ledger answers a reserve where it is asked from. */
const replyOf = (outcome: StockOutcome): TransferMessage | undefined =>
  outcome.type === 'reservation' && outcome.command === 'reserve'
    ? TransferMessage.parse({ ...outcome, type: 'reservation_answered', source: 'inventory', transferId: 'T1' })
    : undefined;

/** One transfer, its ledger, and what is on its way between them: each SKU in order, and repeated as often as one likes. */
export class TransferScene {
  transfer: Transfer | undefined;
  decided: TransferDecided = { kind: 'unchanged' };
  nowMs = START_MS;
  readonly ledger = new SceneLedger();
  readonly deltas: (StockCommand | StockFact)[] = [];
  readonly answers: StockOutcome[] = [];
  private version = 0;
  private readonly taken = new Set<string>();

  constructor(
    stock: Readonly<Record<string, number>>,
    readonly rules: TransferContext['approvalRules'] = [],
  ) {
    for (const [sku, units] of Object.entries(stock)) this.ledger.shelf(sku, 'dc').onHand = units;
  }

  say(type: string, more: object = {}): TransferDecided {
    const id = `${type}/${this.version}`;
    return this.take(TransferMessage.parse({ id, source: 'test', transferId: 'T1', type, ...more }));
  }
  request(lines: Readonly<Record<string, number>>, more: object = {}): TransferDecided {
    const wanted = Object.entries(lines).map(([sku, quantity]) => ({ lineId: `l-${sku}`, sku, quantity }));
    return this.say('request', { from: 'dc', to: 'shop', purpose: 'replenishment', lines: wanted, ...more });
  }
  take(message: TransferMessage): TransferDecided {
    if (this.taken.has(message.id)) return { kind: 'unchanged' };
    this.taken.add(message.id);
    return this.keep(decideTransfer(message, this.transfer, this.context()));
  }
  passTime(ms: number): TransferDecided {
    this.nowMs += ms;
    return this.transfer ? this.keep(transferFallsDue(this.transfer, this.context())) : { kind: 'unchanged' };
  }
  /** The oldest delta on its way is applied, and answered. */
  deliverDelta(times = 1): void {
    const [delta] = this.deltas.splice(0, 1);
    if (!delta) return;
    for (let i = 0; i < times; i++) {
      const answer = this.ledger.apply(delta);
      if (answer) this.answers.push(answer);
    }
  }
  deliverAnswer(): void {
    const [outcome] = this.answers.splice(0, 1);
    const message = outcome && (transferAnswerOf(outcome) ?? replyOf(outcome));
    if (message) this.take(message);
  }
  settle(): this {
    while (this.deltas.length + this.answers.length > 0) {
      this.deliverDelta();
      this.deliverAnswer();
    }
    return this;
  }
  /** Every piece of a SKU, wherever it is; what came beyond what left counts against those that were sent. */
  pieces(sku: string): number {
    const line = this.transfer?.lines.find((one) => one.sku === sku);
    const onHand = this.ledger.shelf(sku, 'dc').onHand + this.ledger.shelf(sku, 'shop').onHand;
    return onHand + (line ? inTransitUnits(line) + line.missingUnits - line.overUnits : 0);
  }

  private keep(decided: TransferDecided): TransferDecided {
    this.decided = decided;
    if (decided.kind !== 'applied') return decided;
    this.deltas.push(...transferDeltas(this.transfer, decided.events, this.applied()));
    this.transfer = decided.transfer;
    return decided;
  }
  private applied() {
    return { atMs: this.nowMs, version: this.version };
  }
  private context(): TransferContext {
    this.version++;
    const times = {
      approveWithinMs: HOUR_MS,
      shipWithinMs: 2 * HOUR_MS,
      receiveWithinMs: 3 * HOUR_MS,
      askAgainAfterMs: 5000,
    };
    return {
      ...this.applied(),
      times,
      approvalRules: this.rules,
      isPlace: (code) => code === 'dc' || code === 'shop',
      sells: (sku) => sku !== 'NOPE',
    };
  }
}
