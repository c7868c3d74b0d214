import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { availabilityOf, type Shown, shownFigures } from '../domain/availability.js';
import { type DecisionContext, decide, isFact } from '../domain/decide.js';
import { type LotChange, unlottedOf } from '../domain/lots.js';
import {
  emptyLevel,
  emptyStock,
  evolve,
  type Level,
  type Stock,
  StockDraft,
  type StockEvent,
  stockOf,
} from '../domain/stock.js';
import { onHandOf } from '../stock-buckets.js';
import { type Catalog, catalogOf, SHOPS } from './catalog.js';

export type Message = StockFact | StockCommand;
type Answer = Extract<StockEvent, { kind: 'answered' }>;
type Shortfall = Extract<StockEvent, { kind: 'shortfall_found' }>;

export const SKU = 'SKU-1';
/** The ledger's clock starts here and moves a second with every record, unless told otherwise. */
export const START = '2026-03-01T12:00:00.000Z';
export const START_MS = Date.parse(START);
const SECOND_MS = 1000;

/** A ledger of one SKU, in memory: the decisions and nothing else. */
export class Ledger {
  private offset = 0;
  private nowMs = START_MS;
  private stock: Stock = emptyStock(SKU);
  /** Every on-hand change with the time it occurred, as the ledger's movements hold it. */
  private readonly moved: { location: string; atMs: number; onHand: number; lots: readonly LotChange[] }[] = [];
  readonly confirmedAtMs = new Map<string, number>();

  constructor(
    private catalog: Catalog,
    private readonly safety = { storeUnits: 0, warehouseUnits: 0 },
  ) {}

  get context(): Omit<DecisionContext, 'occurredAtMs'> {
    return {
      reference: catalogOf(this.catalog),
      safety: this.safety,
      nowMs: this.nowMs,
      confirmedAtMs: (location) => this.confirmedAtMs.get(location) ?? 0,
      onHandChangedAfter: (location, instantMs, lot) =>
        this.moved
          .filter((change) => change.location === location && change.atMs > instantMs)
          .reduce((sum, change) => sum + onHandOf(change, lot), 0),
    };
  }
  get now(): number {
    return this.nowMs;
  }
  wait(ms: number): void {
    this.nowMs += ms;
  }
  learn(change: Partial<Catalog>): void {
    this.catalog = { ...this.catalog, ...change };
  }

  /** What nobody may do, and somebody did: a level is written past the ledger. */
  tamper(location: string, wrong: Partial<Level>): void {
    const levels = new Map(this.stock.levels).set(location, { ...this.level(location), ...wrong });
    this.stock = stockOf(SKU, levels, this.stock.reservations);
  }

  record(message: Message): StockEvent[] {
    this.nowMs += SECOND_MS;
    const draft = new StockDraft(this.stock);
    const atMs = isFact(message) ? Date.parse(message.occurredAt) : this.nowMs;
    const events = decide(message, draft, { ...this.context, occurredAtMs: atMs });
    for (const event of events) {
      evolve(draft, event, { recordedAtMs: this.nowMs, version: ++this.offset, isFact: isFact(message) });
      if (event.kind === 'stock_moved' && (event.change.onHand || event.lots)) {
        const { location, change, lots } = event;
        this.moved.push({ location, atMs, onHand: change.onHand ?? 0, lots: lots?.changes ?? [] });
      }
    }
    this.stock = settle(draft);
    return events;
  }

  level(location: string): Level {
    return this.stock.levels.get(location) ?? emptyLevel(location);
  }
  get levels(): readonly Level[] {
    return [...this.stock.levels.values()];
  }
  findReservation(id: string) {
    return this.stock.findReservation(id);
  }
  get reservations() {
    return [...this.stock.reservations.values()];
  }
  shown(channel: string, region = 'all'): Shown | undefined {
    return availabilityOf(this.stock, this.context).get(`${channel}|${region}`);
  }
  figures(location: string) {
    const { reference, safety, nowMs } = this.context;
    return shownFigures(SKU, this.level(location), reference, safety, nowMs);
  }
}

function settle(draft: StockDraft): Stock {
  const levels = new Map(draft.levels);
  const reservations = new Map(draft.reservations);
  return { sku: draft.sku, levels, reservations, findReservation: (id) => reservations.get(id) };
}

/** `given(what happened).when(what happens now)`: then look at what was decided and at the stock after it. */
export class Given {
  constructor(readonly ledger: Ledger) {}
  knowing(change: Partial<Catalog>): this {
    this.ledger.learn(change);
    return this;
  }
  after(ms: number): this {
    this.ledger.wait(ms);
    return this;
  }
  tamperedWith(location: string, wrong: Partial<Level>): this {
    this.ledger.tamper(location, wrong);
    return this;
  }
  heardOf(location: string): this {
    this.ledger.confirmedAtMs.set(location, this.ledger.now);
    return this;
  }
  when(message: Message): Then {
    return new Then(this.ledger.record(message), this.ledger);
  }
}

export class Then {
  constructor(
    readonly events: readonly StockEvent[],
    readonly ledger: Ledger,
  ) {}
  get answer(): Omit<Answer, 'kind'> | undefined {
    const found = this.events.find((event): event is Answer => event.kind === 'answered');
    if (!found) return undefined;
    const { kind: _, ...answer } = found;
    return answer;
  }
  get note(): string | undefined {
    return this.events.find((event) => event.kind === 'noted')?.note;
  }
  get shortfall(): Omit<Shortfall, 'kind'> | undefined {
    const found = this.events.find((event): event is Shortfall => event.kind === 'shortfall_found');
    if (!found) return undefined;
    const { kind: _, ...shortfall } = found;
    return shortfall;
  }
  level(location: string): Level {
    return this.ledger.level(location);
  }
  /** On hand by lot; '' = without one. */
  lots(location: string): Readonly<Record<string, number>> {
    const level = this.level(location);
    return { '': unlottedOf(level), ...Object.fromEntries((level.lots ?? []).map(({ lot, onHand }) => [lot, onHand])) };
  }
  /** Serial numbers that stand there, with their lots. */
  serials(location: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.level(location).serials ?? []);
  }
}

export function given(...history: Message[]): Given {
  return givenIn(SHOPS, ...history);
}
export function givenIn(catalog: Catalog, ...history: Message[]): Given {
  const ledger = new Ledger(catalog);
  for (const message of history) ledger.record(message);
  return new Given(ledger);
}
export function givenSafety(safety: { storeUnits: number; warehouseUnits: number }, ...history: Message[]): Given {
  const ledger = new Ledger(SHOPS, safety);
  for (const message of history) ledger.record(message);
  return new Given(ledger);
}
