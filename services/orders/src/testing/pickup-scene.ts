import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { TransferMessage } from '@shelfline/contracts/transfer';
import { mayBeBroughtTo } from '../domain/pickup-transfer/bring-together.js';
import {
  decideTransfer,
  isHeard,
  type TransferContext,
  transferFallsDue,
} from '../domain/transfers/decide-transfer.js';
import { orderNews, refusalNews } from '../domain/transfers/tell-order.js';
import { dueAtMs, inTransitUnits, type Transfer } from '../domain/transfers/transfer.js';
import { transferDeltas } from '../domain/transfers/transfer-commands.js';
import type { TransferDecided } from '../domain/transfers/transfer-draft.js';
import { transferAnswerOf } from '../transfers/ledger-answer.js';
import { placing, TIMES } from './order-cases.js';
import { OrderScene, PLACES, type Units } from './order-scene.js';
import { HOUR_MS } from './transfer-scene.js';

type Delta = StockCommand | StockFact;
export const STORE = 'shop-1';
/** `A` is collected at shop-1, wherever it lies. */
export const collecting = (quantities: Readonly<Record<string, number>>, over: object = {}) =>
  placing(quantities, { method: 'pickup', store: STORE, ...over });

/** Returns then wait for head office. */
export const PICKUP_ONLY_RULES: TransferContext['approvalRules'] = [
  { purposes: ['pickup', 'endless_aisle'], mostUnits: 20 },
];

/** Orders, transfers and one ledger, with everything that goes between them on its way until it is delivered. */
export class PickupScene {
  readonly orders: OrderScene;
  readonly transfers = new Map<string, Transfer>();
  readonly deltas: Delta[] = [];
  /** The ledger's answers to what was asked by transfers. */
  readonly answers: (OrderMessage | TransferMessage)[] = [];
  readonly news: OrderMessage[] = [];
  decided: TransferDecided = { kind: 'unchanged' };
  rules = PICKUP_ONLY_RULES;
  isPlace: (code: string) => boolean = () => true;
  private version = 1_000;
  private readonly heard = new Set<string>();

  constructor(units: Units) {
    this.orders = new OrderScene(units);
    const byHand = this.orders.plan;
    // Where nothing may be brought, the store alone is asked.
    this.orders.plan = (order, wanted) => {
      const { method, store } = order.placed;
      const elsewhere = method === 'pickup' && !mayBeBroughtTo(order) ? PLACES.filter((place) => place !== store) : [];
      return byHand({ ...order, refusedBy: [...order.refusedBy, ...elsewhere] }, wanted);
    };
  }

  get ledger() {
    return this.orders.ledger;
  }
  get transfer(): Transfer {
    return this.getTransfer('web-1.t1');
  }
  getTransfer(id: string): Transfer {
    const transfer = this.transfers.get(id);
    if (!transfer) throw new Error(`no transfer ${id}; there are ${[...this.transfers.keys()].join(', ')}`);
    return transfer;
  }

  /** Decides, and waits until all that comes of it has arrived. */
  when(...messages: readonly OrderMessage[]): this {
    for (const message of messages) {
      this.orders.hear(message);
      this.settle();
    }
    return this;
  }
  say(type: string, more: object = {}, transferId = 'web-1.t1'): TransferDecided {
    const id = `${type}/${this.version}`;
    const decided = this.take(TransferMessage.parse({ id, source: 'test', transferId, type, ...more }));
    return decided;
  }
  /** People do it, and all that comes of it arrives. */
  does(type: string, more: object = {}, transferId = 'web-1.t1'): this {
    const decided = this.say(type, more, transferId);
    if (decided.kind !== 'applied') throw new Error(`${type} ${transferId}: ${JSON.stringify(decided)}`);
    return this.settle();
  }
  passTime(ms: number): this {
    this.orders.pass(ms);
    for (const transfer of this.transfers.values()) {
      const dueMs = dueAtMs(transfer, this.context().times);
      if (dueMs !== undefined && dueMs <= this.orders.nowMs)
        this.keep(transfer.transferId, transferFallsDue(transfer, this.context()));
    }
    return this;
  }
  /** Whatever is on its way, one of it arrives; false = nothing is. */
  deliver(kind: number): boolean {
    const ways = [
      () => this.orders.commands.length > 0 && (this.orders.deliverCommand(), true),
      () => this.orders.answers.length > 0 && (this.orders.deliverAnswer(), true),
      () => this.deliverRequest(),
      () => this.deliverDelta(),
      () => this.deliverAnswer(),
      () => this.deliverNews(),
    ];
    return ways[kind % ways.length]!();
  }
  settle(): this {
    for (let idle = 0, kind = 0; idle < 6; kind++) idle = this.deliver(kind) ? 0 : idle + 1;
    return this;
  }
  /** Somebody else is promised whatever is free anywhere, at this moment. */
  grabAllThatIsFree(): void {
    for (const sku of ['A', 'B'])
      for (const place of PLACES) {
        const quantity = this.ledger.availableOf(sku, place);
        if (quantity <= 0) continue;
        const reservationId = `thief/${++this.version}`;
        const expiresAt = new Date(this.orders.nowMs + HOUR_MS).toISOString();
        const asked = { type: 'reserve', id: reservationId, source: 'thief', sku, reservationId, quantity } as const;
        this.ledger.handle(
          { ...asked, locations: [place], mode: 'partial', expiresAt, lasting: true },
          this.orders.nowMs,
        );
      }
  }
  isQuiet(): boolean {
    const { orders, deltas, answers, news } = this;
    return [orders.commands, orders.answers, orders.requests, deltas, answers, news].every(
      ({ length }) => length === 0,
    );
  }
  /** Units the ledger holds for an order, or that are on the road for it. */
  backedUnits(orderId: string, lineId: string): number {
    const held = this.ledger.live().filter(({ reservationId }) => {
      const [kind, owner = '', line] = reservationId.split('/');
      const isOwn = kind === 'order' ? owner === orderId : owner.startsWith(`${orderId}.t`);
      return isOwn && line === lineId;
    });
    const road = [...this.transfers.values()]
      .filter((transfer) => transfer.orderId === orderId)
      .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId && !line.isWithdrawn).map(inTransitUnits));
    return held.reduce((sum, { quantity }) => sum + quantity, 0) + road.reduce((sum, units) => sum + units, 0);
  }
  /** What is wrong whenever nothing is on its way; and at any moment, that more is promised than there is. */
  faults(): string[] {
    const found: string[] = [];
    for (const sku of ['A', 'B'])
      for (const place of PLACES)
        if (this.ledger.availableOf(sku, place) < 0)
          found.push(`${sku} at ${place} is promised more often than it is there`);
    if (!this.isQuiet()) return found;
    for (const { orderId, lines, holds } of this.orders.orders.values())
      for (const { lineId } of lines) {
        const own = holds.filter((hold) => hold.lineId === lineId && hold.state === 'held');
        const promised = own.reduce((sum, { quantity }) => sum + quantity, 0);
        const backed = this.backedUnits(orderId, lineId);
        if (promised !== backed) found.push(`${orderId} ${lineId}: ${promised} promised, ${backed} reserved`);
      }
    return found;
  }

  private deliverRequest(): boolean {
    const [message] = this.orders.requests.splice(0, 1);
    if (message) this.take(TransferMessage.parse(message));
    return message !== undefined;
  }
  private deliverDelta(): boolean {
    const [delta] = this.deltas.splice(0, 1);
    if (!delta) return false;
    if (!('reservationId' in delta)) this.ledger.record(delta as StockFact);
    else {
      const command = delta as StockCommand;
      const outcome = this.ledger.handle(command, this.orders.nowMs);
      const { id, reservationId, result, shortUnits, allocations } = outcome;
      const said = { type: 'reservation_answered', id, source: 'inventory', reservationId, command: command.type };
      const answer = { ...said, result, shortUnits, allocations };
      const toTransfer = transferAnswerOf(outcome);
      if (toTransfer) this.answers.push(toTransfer);
      else if (command.type === 'reserve') {
        const { topic, key } = command.replyTo!;
        const whose = topic === 'orders.intake' ? { orderId: key } : { transferId: key };
        this.answers.push({ ...answer, ...whose } as OrderMessage | TransferMessage);
      }
    }
    return true;
  }
  private deliverAnswer(): boolean {
    const [message] = this.answers.splice(0, 1);
    if (!message) return false;
    if ('transferId' in message) this.take(message as TransferMessage);
    else this.tell(message as OrderMessage);
    return true;
  }
  private deliverNews(): boolean {
    const [message] = this.news.splice(0, 1);
    if (message) this.tell(message);
    return message !== undefined;
  }
  private tell(message: OrderMessage): void {
    const id = `${message.source}/${message.id}`;
    if (this.heard.has(id)) return;
    this.heard.add(id);
    this.orders.hear(message);
  }
  private take(message: TransferMessage): TransferDecided {
    const { transferId } = message;
    const context = this.context();
    const decided = decideTransfer(message, this.transfers.get(transferId), context);
    if (message.type === 'request' && decided.kind === 'refused')
      this.news.push(...refusalNews(message, decided.refusals[0]!.code, context.version));
    if (decided.kind === 'refused' && isHeard(message)) throw new Error(`${message.type} is refused`);
    return this.keep(transferId, decided);
  }
  private keep(transferId: string, decided: TransferDecided): TransferDecided {
    this.decided = decided;
    if (decided.kind !== 'applied') return decided;
    const applied = { atMs: this.orders.nowMs, version: this.version };
    const before = this.transfers.get(transferId);
    this.deltas.push(...transferDeltas(before, decided.events, applied));
    this.news.push(...orderNews(before, decided.events, applied));
    this.transfers.set(transferId, decided.transfer);
    return decided;
  }
  private context(): TransferContext {
    const times = {
      approveWithinMs: HOUR_MS,
      shipWithinMs: 2 * HOUR_MS,
      receiveWithinMs: 3 * HOUR_MS,
      askAgainAfterMs: TIMES.askAgainAfterMs,
    };
    const { isPlace, rules: approvalRules } = this;
    return { atMs: this.orders.nowMs, version: ++this.version, times, approvalRules, isPlace, sells: () => true };
  }
}

export const heldOf = ({ ledger }: PickupScene): string[] => ledger.live().map(({ reservationId }) => reservationId);
