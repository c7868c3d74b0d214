import type { Location } from '@shelfline/contracts/catalog';
import { LONGEST_HOLD_MS } from '@shelfline/contracts/identifiers';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import type { PromiseContext } from '../domain/availability.js';
import { decide, isFact } from '../domain/decide.js';
import type { LotChange } from '../domain/lots.js';
import type { ChannelFacts, LocationFacts, Reference } from '../domain/reference.js';
import { emptyStock, evolve, StockDraft, type StockEvent } from '../domain/stock.js';
import { onHandOf } from '../stock-buckets.js';

/** Given/when/then over pure decisions: `given(receipt(5)).when(reserve('A', 4)).then(...)`. */
export const NOW_MS = Date.UTC(2026, 5, 1, 12);
export const SKU = 'S1';
type Message = StockFact | StockCommand;
let counter = 0;
const nextId = (): string => `e${++counter}`;

export const fact = (type: StockFact['type'], quantity: number, over: Partial<StockFact> = {}): StockFact =>
  ({ id: nextId(), source: 'test', type, sku: SKU, location: 'dc', quantity, occurredAt: at(0), ...over }) as StockFact;
/** Minutes before or after the moment of the specs, as a source writes it. */
export const at = (minutes: number): string => new Date(NOW_MS + minutes * 60_000).toISOString();
export const reserve = (reservationId: string, quantity: number, over: object = {}): StockCommand =>
  ({
    id: nextId(),
    source: 'test',
    type: 'reserve',
    sku: SKU,
    reservationId,
    quantity,
    locations: ['dc'],
    mode: 'all_or_nothing',
    expiresAt: at(60),
    ...over,
  }) as StockCommand;
export const step = (type: 'release' | 'commit' | 'fulfil' | 'expire', reservationId: string): StockCommand =>
  ({ id: nextId(), source: 'test', type, sku: SKU, reservationId }) as StockCommand;

const place = (code: string, type: Location['type'], over: Partial<LocationFacts> = {}): LocationFacts => ({
  code,
  type,
  active: true,
  timeZone: 'UTC',
  safetyStock: null,
  staleAfterMs: null,
  serves: [{ key: 'web|all', channel: 'web', region: 'all', bufferUnits: 0, brands: null }],
  ...over,
});

export function referenceOf(places: readonly LocationFacts[], channels: readonly ChannelFacts[] = []): Reference {
  const locations = new Map(places.map((p) => [p.code, p]));
  const byCode = new Map([{ code: 'web', active: true, lowAtUnits: 2 }, ...channels].map((c) => [c.code, c]));
  return {
    findProduct: (sku) => (sku === SKU ? { brand: 'own', safetyStock: null, active: true } : undefined),
    findLocation: (code) => locations.get(code),
    findChannel: (code) => byCode.get(code),
    fingerprint: 'test',
    daysAt: (ms) => new Date(ms).toISOString().slice(0, 10),
    longestHoldMs: LONGEST_HOLD_MS,
  };
}
export const STANDARD = referenceOf(
  [
    place('dc', 'regional_dc'),
    place('dc2', 'regional_dc'),
    place('online', 'ecommerce_dc'),
    place('shop', 'store', {
      serves: [{ key: 'web|all', channel: 'web', region: 'all', bufferUnits: 1, brands: null }],
    }),
    place('factory', 'factory_dc', { staleAfterMs: 60 * 60_000 }),
  ],
  [{ code: 'vip', active: true, lowAtUnits: 2 }],
);

/** A SKU to which messages happened, one a second. */
export class Scene {
  readonly draft = new StockDraft(emptyStock(SKU));
  readonly effects: { location: string; atMs: number; onHand: number; lots: readonly LotChange[] }[] = [];
  events: StockEvent[] = [];
  private offset = 0;

  constructor(private readonly reference: Reference = STANDARD) {}

  context(nowMs: number): PromiseContext {
    return { reference: this.reference, safety: { storeUnits: 0, warehouseUnits: 0 }, nowMs, confirmedAtMs: () => 0 };
  }

  when(message: Message, minutes = 0): this {
    const nowMs = NOW_MS + minutes * 60_000;
    this.offset++;
    const atMs = isFact(message) ? Date.parse(message.occurredAt) : nowMs;
    this.events = decide(message, this.draft, {
      ...this.context(nowMs),
      occurredAtMs: atMs,
      onHandChangedAfter: (location, instantMs, lot) =>
        this.effects
          .filter((e) => e.location === location && e.atMs > instantMs)
          .reduce((sum, e) => sum + onHandOf(e, lot), 0),
    });
    for (const event of this.events) {
      evolve(this.draft, event, { recordedAtMs: nowMs, version: this.offset, isFact: isFact(message) });
      if (event.kind === 'stock_moved' && (event.change.onHand || event.lots)) {
        const { location, change, lots } = event;
        this.effects.push({ location, atMs, onHand: change.onHand ?? 0, lots: lots?.changes ?? [] });
      }
    }
    return this;
  }

  level(location = 'dc') {
    return this.draft.levels.get(location);
  }
  answer() {
    return this.events.find((event) => event.kind === 'answered');
  }
}

export const given = (...messages: Message[]): Scene => {
  const scene = new Scene();
  for (const message of messages) scene.when(message);
  return scene;
};
