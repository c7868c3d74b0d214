import { beforeEach, describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TransferMessage } from '@shelfline/contracts/transfer';
import { Metrics } from '@shelfline/service-kit/metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Decision, PartitionStore } from '@shelfline/streaming/stream';
import { dueAtMs, type Transfer } from '../domain/transfers/transfer.js';
import type { PromisableStock } from '../promisable-stock.js';
import { contentHashOf } from '../read-message.js';
import { HOUR_MS, START_MS } from '../testing/transfer-scene.js';
import type { TransferEntry } from './transfer-outputs.js';
import { TransferSurroundings } from './transfer-surroundings.js';
import type { TransfersRepository, TransferWrites } from './transfers.repository.js';
import { TransfersIntakeHandler } from './transfers-intake.handler.js';
import { transfersStream } from './transfers-intake.stream.js';
import { TransfersMetrics } from './transfers-metrics.js';

const PARTITION = 2;
const TIMES = {
  approveWithinMs: HOUR_MS,
  shipWithinMs: 2 * HOUR_MS,
  receiveWithinMs: 3 * HOUR_MS,
  askAgainAfterMs: 5000,
};
const RECORD = { topic: 'transfers.intake', partition: PARTITION, key: null, value: null, headers: {} };
const saying = (type: string, more: object = {}): TransferMessage =>
  TransferMessage.parse({ id: type, source: 'test', transferId: 'T1', type, ...more });
const LINES = [{ lineId: '1', sku: 'COAT', quantity: 6 }];
const requesting = (more: object = {}) =>
  saying('request', { from: 'dc', to: 'shop', purpose: 'replenishment', lines: LINES, ...more });
const granting = () =>
  saying('reservation_answered', {
    id: 'reserve/transfer/T1/1/1',
    source: 'inventory',
    reservationId: 'transfer/T1/1/1',
    command: 'reserve',
    result: 'accepted',
    allocations: [{ location: 'dc', quantity: 6 }],
  });

/** Batches over transfers in memory, committed at once. */
class Intake {
  readonly metrics = new Metrics('orders');
  readonly transfers = new Map<string, Transfer>();
  nowMs = START_MS;
  decision!: Decision<TransferWrites>;
  private offset = 0;
  private readonly handler = new TransfersIntakeHandler(
    {
      findTransfers: (ids: readonly string[]) =>
        Promise.resolve(new Map([...this.transfers].filter(([id]) => ids.includes(id)))),
      findEarliestDueMs: () =>
        Promise.resolve(Math.min(...[...this.transfers.values()].flatMap((one) => dueAtMs(one, TIMES) ?? []))),
      findDue: (_partition: number, nowMs: number) =>
        Promise.resolve([...this.transfers.values()].filter((one) => (dueAtMs(one, TIMES) ?? nowMs + 1) <= nowMs)),
    } as unknown as TransfersRepository,
    new TransferSurroundings(
      {
        findPlace: (code: string) => ({ location: { active: code !== 'closed' } }),
        sells: (sku: string) => sku !== 'NOPE',
      } as unknown as PromisableStock,
      TIMES,
      [],
    ),
    new TransfersMetrics(this.metrics),
    new EarliestDue(),
  );

  get entries(): readonly TransferEntry[] {
    return this.decision.entries as readonly TransferEntry[];
  }
  sent(topic: string): unknown[] {
    return this.decision.outputs.filter((output) => output.topic.name === topic).map(({ value }) => value);
  }
  async decide(...items: (TransferMessage | 'tick')[]): Promise<void> {
    this.decision = await this.handler.handleBatch({
      partition: PARTITION,
      partitions: 8,
      generation: 1,
      items: items.map((message) => {
        const record = { ...RECORD, offset: this.offset++, timestampMs: this.nowMs };
        if (message === 'tick') return { kind: 'tick', record };
        const id = `${message.source}/${message.id}`;
        return { kind: 'message', id, contentHash: contentHashOf(message), message, record };
      }),
    });
  }
  async batch(...items: (TransferMessage | 'tick')[]): Promise<void> {
    await this.decide(...items);
    for (const { transfer } of this.decision.writes) this.transfers.set(transfer.transferId, transfer);
    this.decision.committed();
  }
}

describe('a batch of transfers', () => {
  let intake: Intake;
  beforeEach(() => {
    intake = new Intake();
  });

  it('decides the messages of one transfer one after the other, and writes it once', async () => {
    await intake.batch(requesting(), saying('approve'), granting(), saying('ship'));
    expect(intake.entries.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(intake.decision.writes).toMatchObject([{ partition: PARTITION, transfer: { state: 'IN_TRANSIT' } }]);
    expect(intake.sent('inventory.deltas')).toMatchObject([
      { type: 'reserve', quantity: 6, replyTo: { topic: 'transfers.intake', key: 'T1' } },
      { type: 'fulfil', reservationId: 'transfer/T1/1/1' },
      { type: 'expect', location: 'shop', quantity: 6 },
    ]);
    // The ledger's answer was asked by nobody outside.
    expect(intake.sent('transfers.outcomes')).toMatchObject([
      { id: 'request', state: 'REQUESTED' },
      { id: 'approve', state: 'RESERVING' },
      { id: 'ship', state: 'IN_TRANSIT' },
    ]);
  });
  it('refuses what is out of state and says what can be done, and writes nothing', async () => {
    await intake.batch(requesting());
    await intake.batch(saying('ship'));
    expect(intake.sent('transfers.outcomes')).toMatchObject([
      { result: 'refused', state: 'REQUESTED', allowed: ['approve', 'reject', 'cancel'] },
    ]);
    expect(intake.decision).toMatchObject({ writes: [], outputs: [{}] });
  });
  it('hides the state of a transfer from a place that has no part in it', async () => {
    await intake.batch(requesting());
    await intake.batch(saying('receive', { place: 'elsewhere', lines: [{ lineId: '1', quantity: 1 }] }));
    const [answer] = intake.sent('transfers.outcomes');
    expect(answer).toMatchObject({ result: 'refused', errors: [{ code: 'unknown_transfer' }] });
    expect(answer).not.toHaveProperty('state');
  });
  it('counts what was decided once it is committed, and not what was only tried', async () => {
    await intake.decide(requesting());
    expect(await intake.metrics.registry.metrics()).not.toContain('shelfline_orders_transfer_decisions_total{');
    await intake.batch(requesting(), saying('ship'));
    const told = await intake.metrics.registry.metrics();
    expect(told).toContain('shelfline_orders_transfer_decisions_total{outcome="applied",service="orders"} 1');
    expect(told).toContain('shelfline_orders_transfer_decisions_total{outcome="refused",service="orders"} 1');
    expect(told).toContain('shelfline_orders_transfer_events_total{type="requested",service="orders"} 1');
  });
  it('reminds when a tick is read, at its time, once for several ticks', async () => {
    await intake.batch(requesting());
    intake.nowMs += HOUR_MS - 1;
    await intake.batch('tick');
    expect(intake.decision).toMatchObject({ nothingChanged: true, entries: [], outputs: [] });
    intake.nowMs += 1;
    await intake.batch('tick', 'tick');
    expect(intake.entries).toMatchObject([{ _id: `\u0001due/T1/${versionOf(1, 2)}`, outcome: 'due' }]);
    expect(intake.sent('transfers.events')).toMatchObject([{ type: 'overdue', level: 1 }]);
  });
});

describe('a repeat about a transfer', () => {
  it('is answered as the first time, without moving goods again; a new owner sends all that came of it', async () => {
    const intake = new Intake();
    const stream = transfersStream({} as PartitionStore<TransferWrites>, 'transfers', new EarliestDue());
    await intake.batch(requesting(), saying('approve'), granting());
    await intake.batch(saying('ship'));
    const [shipped] = intake.entries;
    expect(stream.resend(shipped!).map(({ value }) => value)).toEqual([shipped!.answer]);
    const again = await stream.republish([shipped!], PARTITION, { sinceVersion: 0, toldAtMs: () => 0 });
    expect(again).toEqual(intake.decision.outputs);
    expect(again.map(({ type }) => type)).toEqual([
      'inventory.delta.fulfil',
      'inventory.delta.expect',
      'shelfline.transfer.shipped',
      'shelfline.transfer.outcome',
    ]);
  });
  it('of the ledger’s answer changes nothing and says nothing', async () => {
    const intake = new Intake();
    const stream = transfersStream({} as PartitionStore<TransferWrites>, 'transfers', new EarliestDue());
    await intake.batch(requesting(), saying('approve'), granting());
    expect(stream.resend(intake.entries[2]!)).toEqual([]);
    await intake.batch(granting());
    expect(intake.entries).toMatchObject([{ outcome: 'unchanged' }]);
    expect(intake.decision).toMatchObject({ writes: [], outputs: [] });
  });
});
