import type { OrderEntry } from '@shelfline/orders/order-entry';
import type { History } from './history.ts';

const FACTS = [
  'sale',
  'receipt',
  'return',
  'adjustment',
  'count',
  'damage',
  'expect',
  'transfer_out',
  'transfer_in',
  'heartbeat',
] as const;
const ANSWERS = [
  'accepted',
  'invalid',
  'unknown_type',
  'command_refused',
  'future_date',
  'too_old',
  'duplicate_in_request',
  'unavailable',
] as const;

const ORDER_STATES = ['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED', 'WAITING'] as const;
const TASK_ENDS = ['DELIVERED', 'HANDED_OVER', 'REJECTED', 'TIMED_OUT', 'CANCELLED'] as const;
const RETURN_STATES = ['REQUESTED', 'RECEIVED', 'CLOSED'] as const;
const ORDER_STEPS = ['applied', 'unchanged', 'refused'] as const;
const BACKORDER_STEPS = [
  'backordered',
  'backorder_arrived',
  'backorder_replaced',
  'backorder_redated',
  'backorder_fell_short',
] as const;
const TRANSFER_STATES = ['CLOSED', 'REJECTED', 'CANCELLED'] as const;
const DISCREPANCIES = ['short', 'over', 'damaged'] as const;

/** What the oracle has rules for. A rule that meets nothing in the fixed histories proves nothing. */
export const JUDGED: readonly string[] = [
  ...FACTS.map((type) => `ledger: ${type}`),
  'ledger: count that is superseded',
  'ledger: shortfall',
  'ledger: record in the wrong partition',
  'ledger: record put aside',
  'ledger: record dated hours wrong',
  'ledger: reserve accepted',
  'ledger: reserve partial',
  'ledger: reserve refused',
  'ledger: reserve unchanged',
  ...['release', 'commit', 'fulfil', 'move', 'expire'].map((type) => `ledger: ${type} accepted`),
  ...['release', 'commit', 'fulfil'].map((type) => `ledger: ${type} unchanged`),
  'ledger: change of a promise refused',
  'ledger: level asked by a reader',
  'feeds: sequence_gap',
  'feeds: feed_quiet',
  'feeds: feed_back',
  'catalog: change applied',
  'catalog: change refused',
  'catalog: change unchanged',
  'catalog: record put aside',
  ...ANSWERS.map((answer) => `connect: item ${answer}`),
  'connect: import completed',
  'connect: import failed',
  'connect: row imported',
  'connect: row rejected',
  ...ORDER_STATES.map((state) => `orders: order ${state}`),
  ...TASK_ENDS.map((state) => `orders: task ${state}`),
  ...ORDER_STEPS.map((outcome) => `orders: message ${outcome}`),
  'orders: time-out',
  'orders: basket held',
  'orders: basket forgotten',
  ...RETURN_STATES.map((state) => `orders: return ${state}`),
  'orders: piece back in stock',
  'orders: exchange placed',
  ...BACKORDER_STEPS.map((type) => `orders: ${type}`),
  'orders: asked elsewhere for what a delivery is to bring',
  ...TRANSFER_STATES.map((state) => `transfers: transfer ${state}`),
  ...DISCREPANCIES.map((kind) => `transfers: ${kind}`),
  ...ORDER_STEPS.map((outcome) => `transfers: message ${outcome}`),
  'transfers: time-out',
  'transfers: turned back',
  'transfers: for an order',
  'transfers: came for its order',
  'transfers: of what came back',
  'transfers: came of what came back',
  ...DISCREPANCIES.map((kind) => `transfers: ${kind} of what came back`),
];

interface Entry {
  readonly type?: string;
  readonly outcome?: string;
  readonly answer?: { readonly result: string };
  readonly shortfalls?: readonly unknown[];
  readonly atMs?: number;
  readonly recordedAtMs?: number;
}
const HOUR_MS = 3_600_000;

/** How often each rule met something in a history. */
export function judgedIn({
  ledger,
  catalog,
  clients,
  connectStore,
  readers,
  orders,
}: History): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (what: string, times = 1) => counts.set(what, (counts.get(what) ?? 0) + times);
  for (const entry of ledger.database.entries.values() as Iterable<Entry>) {
    const { type = '', outcome, answer, shortfalls, atMs, recordedAtMs } = entry;
    if (outcome === 'forwarded') add('ledger: record in the wrong partition');
    else if (outcome === 'superseded_count') add('ledger: count that is superseded');
    else if (!answer) add(`ledger: ${type}`);
    else {
      add(`ledger: ${type} ${answer.result}`);
      if (type !== 'reserve' && answer.result === 'refused') add('ledger: change of a promise refused');
    }
    if (shortfalls && shortfalls.length > 0) add('ledger: shortfall');
    if (atMs !== undefined && recordedAtMs !== undefined && Math.abs(atMs - recordedAtMs) > HOUR_MS)
      add('ledger: record dated hours wrong');
  }
  for (const { asked } of readers) add('ledger: level asked by a reader', asked);
  add('ledger: record put aside', ledger.database.deadLetters.size);
  for (const entry of ledger.feeds.entries.values() as Iterable<{ risk?: { type: string } }>)
    if (entry.risk) add(`feeds: ${entry.risk.type}`);
  for (const { answer } of catalog.database.entries.values() as Iterable<Entry>)
    if (answer) add(`catalog: change ${answer.result}`);
  add('catalog: record put aside', catalog.database.deadLetters.size);
  for (const { answers } of clients.answered) for (const answer of answers) add(`connect: item ${answer}`);
  for (const { record } of connectStore.repository.imports.values()) {
    add(`connect: import ${record.state}`);
    add('connect: row imported', record.accepted);
    add('connect: row rejected', record.rejected);
  }
  for (const { state, tasks, returns = [], reason, orderId, elsewhere } of orders.repository.orders.values()) {
    add(`orders: order ${state}`);
    for (const task of tasks) add(`orders: task ${task.state}`);
    for (const one of returns) add(`orders: return ${one.state}`);
    if (reason === 'hold_expired') add('orders: basket forgotten');
    if (orderId.includes('.x')) add('orders: exchange placed');
    add('orders: asked elsewhere for what a delivery is to bring', elsewhere?.tries ?? 0);
  }
  for (const { told = [], returns } of orders.database.entries.values() as unknown as Iterable<Partial<OrderEntry>>) {
    if (told.some(({ type }) => type === 'held')) add('orders: basket held');
    for (const type of BACKORDER_STEPS) if (told.some((step) => step.type === type)) add(`orders: ${type}`);
    add('orders: piece back in stock', returns?.facts.filter(({ type }) => type === 'return').length ?? 0);
  }
  for (const { outcome } of orders.database.entries.values())
    add(outcome === 'due' ? 'orders: time-out' : `orders: message ${outcome}`);
  countTransfers(orders.transfers, add);
  return counts;
}

function countTransfers(
  { repository, database }: History['orders']['transfers'],
  add: (what: string, times?: number) => void,
): void {
  for (const { state, purpose, lines, discrepancies } of repository.transfers.values()) {
    add(`transfers: transfer ${state}`);
    for (const { kind } of discrepancies) add(`transfers: ${kind}`);
    add('transfers: turned back', lines.filter(({ turnedBackUnits }) => turnedBackUnits > 0).length);
    const came = lines.filter(({ receivedUnits }) => receivedUnits > 0).length;
    if (purpose === 'pickup') {
      add('transfers: for an order');
      add('transfers: came for its order', came);
    }
    if (purpose !== 'return') continue;
    add('transfers: of what came back');
    add('transfers: came of what came back', came);
    for (const { kind } of discrepancies) add(`transfers: ${kind} of what came back`);
  }
  for (const { outcome } of database.entries.values())
    add(outcome === 'due' ? 'transfers: time-out' : `transfers: message ${outcome}`);
}
