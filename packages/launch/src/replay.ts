import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DERIVATION, deliveries, type SalesPlan } from './derived-stock.js';
import type { FrontDoor } from './front-door.js';
import { readTillLines } from './till-lines.js';

export interface ReplayProgress {
  readonly file: string;
  /** By which rules stock was derived: `sent` counts what those rules derive. */
  readonly derivation?: string;
  /** Deltas acknowledged, deliveries included. */
  readonly sent: number;
  readonly done: boolean;
}
export interface ReplayReport {
  /** Ids of the last ones, to see when the ledger has come as far. */
  last: readonly { readonly source: string; readonly id: string }[];
  sent: number;
  rejected: number;
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

export function readProgress(dataFolder: string, file: string): ReplayProgress | undefined {
  if (!existsSync(pathOf(dataFolder))) return undefined;
  const progress = JSON.parse(readFileSync(pathOf(dataFolder), 'utf8')) as ReplayProgress;
  if (progress.file !== identityOf(file)) return undefined;
  if (!progress.done && progress.derivation !== DERIVATION)
    throw new Error(
      'an earlier version of Shelfline began this replay, with other opening stock and deliveries, so it cannot be continued.\nBegin anew (this deletes the data of earlier starts): npm start -- --fresh',
    );
  return progress;
}

export function saveProgress(dataFolder: string, progress: ReplayProgress): void {
  const path = pathOf(dataFolder);
  writeFileSync(`${path}.new`, JSON.stringify(progress));
  renameSync(`${path}.new`, path);
}

/** Till lines and deliveries in the order of time; a till line's id is the same as in a CSV import of the file. */
export async function* deltasOf(file: string, plan: SalesPlan): AsyncGenerator<Delta> {
  const due = deliveries(plan);
  let delivery = due.next();
  for await (const { reading } of readTillLines(file)) {
    if (!reading.ok) continue;
    while (!delivery.done && delivery.value.occurredAt <= reading.fact.occurredAt) {
      yield { ...delivery.value };
      delivery = due.next();
    }
    yield reading.fact;
  }
}

export interface ReplayOptions {
  readonly door: FrontDoor;
  readonly file: string;
  readonly plan: SalesPlan;
  readonly speed: number;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number, atMs: number) => void;
}

/** Sends the deltas as fast as their time demands. Progress is kept, so an interrupted replay goes on where it was. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { file, plan, dataFolder, speed, signal } = options;
  const identity = identityOf(file);
  const skip = readProgress(dataFolder, file)?.sent ?? 0;
  const report: ReplayReport = { last: [], sent: skip, rejected: 0 };
  const pace = new Pace(speed);
  const sender = new Sender(options, report);
  let index = 0;
  let savedMs = Date.now();
  for await (const delta of deltasOf(file, plan)) {
    if (signal.aborted) break;
    if (index++ < skip) continue;
    const waitMs = pace.waitMs(Date.parse(delta.occurredAt));
    if (waitMs > GATHER_MS) {
      await sender.flush();
      await pause(waitMs, signal);
    }
    await sender.add(delta);
    if (Date.now() - savedMs > 2000) {
      await sender.flush();
      await sender.settle();
      saveProgress(dataFolder, { file: identity, derivation: DERIVATION, sent: report.sent, done: false });
      savedMs = Date.now();
    }
  }
  await sender.flush();
  await sender.settle();
  saveProgress(dataFolder, { file: identity, derivation: DERIVATION, sent: report.sent, done: !signal.aborted });
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

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', done);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
