import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { basketKey, type OnlineOrder } from './derived-orders.js';
import { DERIVATION, deliveries, type SalesPlan } from './derived-stock.js';
import type { FrontDoor } from './front-door.js';
import { type OrderCounts, OrderSender } from './order-sender.js';
import { pause } from './pause.js';
import { readTillLines } from './till-lines.js';

export interface ReplayProgress {
  readonly file: string;
  /** By which rules stock was derived: `sent` counts what those rules derive. */
  readonly derivation?: string;
  /** Deltas and orders acknowledged, deliveries included. */
  readonly sent: number;
  readonly done: boolean;
}
/** Of the rules that decide what a replay sends, and in which order. */
export const derivationOf = (onlinePercent: number): string => `${DERIVATION}/online-${onlinePercent}`;

export interface ReplayReport {
  /** Ids of the last ones, to see when the ledger has come as far. */
  last: readonly { readonly source: string; readonly id: string }[];
  sent: number;
  rejected: number;
  readonly orders: OrderCounts;
}
interface Delta {
  readonly id: string;
  readonly source: string;
  readonly occurredAt: string;
  readonly [field: string]: unknown;
}

const PER_REQUEST = 1000;
/** Enough to have some in every partition. */
const LAST_KEPT = 200;
/** Requests on their way at the same time; more would only queue up. */
const CONCURRENT = 3;
/** How long a slow replay gathers what is due before it sends. */
const GATHER_MS = 50;

const pathOf = (dataFolder: string): string => join(dataFolder, 'replay.json');
/** A file is known again by name and size. */
export const identityOf = (file: string): string => `${basename(file)}:${statSync(file).size}`;

export function readProgress(dataFolder: string, file: string, onlinePercent: number): ReplayProgress | undefined {
  if (!existsSync(pathOf(dataFolder))) return undefined;
  const progress = JSON.parse(readFileSync(pathOf(dataFolder), 'utf8')) as ReplayProgress;
  if (progress.file !== identityOf(file)) return undefined;
  if (!progress.done && progress.derivation !== derivationOf(onlinePercent))
    throw new Error(
      'this replay was begun by an earlier version of Shelfline or with another --online, so with other stock and orders, and cannot be continued.\nBegin anew (this deletes the data of earlier starts): npm start -- --fresh',
    );
  return progress;
}

export function saveProgress(dataFolder: string, progress: ReplayProgress): void {
  const path = pathOf(dataFolder);
  writeFileSync(`${path}.new`, JSON.stringify(progress));
  renameSync(`${path}.new`, path);
}

export type Replayed =
  | { readonly kind: 'delta'; readonly atMs: number; readonly delta: Delta }
  | { readonly kind: 'order'; readonly atMs: number; readonly order: OnlineOrder };

/**
 * Till lines, deliveries and online orders in the order of time; a till line's id is the same as in a CSV import of the
 * file. An order stands where its basket's first line stood.
 */
export async function* replayedItems(file: string, plan: SalesPlan): AsyncGenerator<Replayed> {
  const due = deliveries(plan);
  let delivery = due.next();
  const ordered = new Set<string>();
  for await (const line of readTillLines(file)) {
    if (!line.reading.ok) continue;
    const { fact } = line.reading;
    while (!delivery.done && delivery.value.occurredAt <= fact.occurredAt) {
      yield itemOf({ ...delivery.value });
      delivery = due.next();
    }
    const key = basketKey(line);
    const order = plan.online.get(key);
    if (!order) yield itemOf(fact);
    else if (!ordered.has(key)) {
      ordered.add(key);
      yield { kind: 'order', atMs: Date.parse(fact.occurredAt), order };
    }
  }
}

const itemOf = (delta: Delta): Replayed => ({ kind: 'delta', atMs: Date.parse(delta.occurredAt), delta });

export interface ReplayOptions {
  readonly door: FrontDoor;
  readonly file: string;
  readonly plan: SalesPlan;
  readonly speed: number;
  readonly onlinePercent: number;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number, atMs: number) => void;
}

/** Sends all of it as fast as its time demands. Progress is kept, so an interrupted replay goes on where it was. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { door, file, plan, dataFolder, speed, signal, onlinePercent } = options;
  const identity = identityOf(file);
  const skip = readProgress(dataFolder, file, onlinePercent)?.sent ?? 0;
  const orders = new OrderSender(door);
  const report: ReplayReport = { last: [], sent: skip, rejected: 0, orders: orders.counts };
  const pace = new Pace(speed);
  const sender = new Sender(options, report);
  const save = (sent: number, done: boolean): void =>
    saveProgress(dataFolder, { file: identity, derivation: derivationOf(onlinePercent), sent, done });
  let index = 0;
  let savedMs = Date.now();
  for await (const item of replayedItems(file, plan)) {
    if (signal.aborted) break;
    if (index < skip) {
      index++;
      continue;
    }
    const waitMs = pace.waitMs(item.atMs);
    if (waitMs > GATHER_MS) {
      await sender.flush();
      await pause(waitMs, signal);
    }
    if (item.kind === 'delta') await sender.add(item.delta);
    else {
      report.sent++;
      await orders.add(index, item.order);
    }
    index++;
    if (Date.now() - savedMs > 2000) {
      await sender.flush();
      await sender.settle();
      // Orders are answered later than sales: what is sent again from there is known, and changes nothing.
      save(orders.firstUnanswered() ?? index, false);
      savedMs = Date.now();
    }
  }
  await sender.flush();
  await sender.settle();
  if (!signal.aborted) await orders.settle();
  save(Math.max(skip, orders.firstUnanswered() ?? index), !signal.aborted);
  return report;
}

/** Wall-clock time at which a moment of the tills' time is due. */
class Pace {
  private firstMs: number | undefined;
  private readonly startedMs = Date.now();
  constructor(private readonly speed: number) {}
  waitMs(atMs: number): number {
    this.firstMs ??= atMs;
    return this.speed === Number.POSITIVE_INFINITY
      ? 0
      : this.startedMs + (atMs - this.firstMs) / this.speed - Date.now();
  }
}

class Sender {
  private batch: Delta[] = [];
  private readonly onTheWay = new Set<Promise<void>>();
  private failure: unknown;
  constructor(
    private readonly options: ReplayOptions,
    private readonly report: ReplayReport,
  ) {}

  async add(delta: Delta): Promise<void> {
    this.batch.push(delta);
    if (this.batch.length >= PER_REQUEST) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.batch.length === 0) return;
    while (this.onTheWay.size >= CONCURRENT) await Promise.race(this.onTheWay);
    if (this.failure) throw this.failure;
    const batch = this.batch;
    this.batch = [];
    const sending = this.post(batch)
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => this.onTheWay.delete(sending));
    this.onTheWay.add(sending);
  }

  async settle(): Promise<void> {
    await Promise.all(this.onTheWay);
    // After an interruption too: what failed must not be counted as sent by the progress that is saved next.
    if (this.failure) throw this.failure;
  }

  private async post(batch: readonly Delta[]): Promise<void> {
    const refused = new Set(await postDeltas(this.options.door, batch));
    this.report.sent += batch.length;
    this.report.rejected += refused.size;
    this.report.last = [...this.report.last, ...batch.filter((delta) => !refused.has(delta))].slice(-LAST_KEPT);
    this.options.onProgress(this.report.sent, Date.parse(batch.at(-1)!.occurredAt));
  }
}

/** Resolves when the ledger has applied the last ones sent; Kafka had them before. */
export async function untilApplied(
  door: FrontDoor,
  last: ReplayReport['last'],
  signal: AbortSignal,
  onWaiting: (lagRecords: number) => void,
): Promise<void> {
  for (const { source, id } of last)
    while (!(await door.exists(`/api/inventory/deltas/${encodeURIComponent(source)}/${encodeURIComponent(id)}`))) {
      if (signal.aborted) return;
      const lagRecords = await door.findLagRecords();
      if (lagRecords !== undefined) onWaiting(lagRecords);
      await pause(500, signal);
    }
}

/** Answers those that were refused for good; those whose partition could not be written are sent again. */
export async function postDeltas<T extends object>(door: FrontDoor, deltas: readonly T[]): Promise<readonly T[]> {
  let remaining = deltas;
  const refused: T[] = [];
  while (remaining.length > 0) {
    const { rejected } = await door.send<{ rejected: { index: number; type: string }[] }>(
      'POST',
      '/api/inventory/deltas',
      remaining,
    );
    const unavailable: T[] = [];
    for (const { index, type } of rejected) (type === 'unavailable' ? unavailable : refused).push(remaining[index]!);
    remaining = unavailable;
    if (remaining.length > 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return refused;
}
