import { describe, expect, it } from '@jest/globals';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { entriesIn, MOVEMENT_PACKS, type MovementPack } from './movement-packs.js';
import { toLevel, toLevelDocument, toReservation, toReservationDocument } from './stock-documents.js';
import { entryOutputs } from './stock-outputs.js';
import { fact, receipt, reserve, step } from './testing/deltas.js';
import { SKU } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';

const EXPECTED_AT = '2026-04-01T08:00:00.000Z';
const expecting = (quantity: number, fields: object = {}) =>
  fact('expect', quantity, 'shop-a', { reference: 'D1', expectedAt: EXPECTED_AT, ...fields });
const ahead = (id: string, quantity: number) =>
  reserve(id, quantity, { against: 'incoming', lasting: true, replyTo: { topic: 'orders.intake', key: 'web-1' } });
const KEY = `${SKU}@shop-a`;

const ledgerOf = async (...messages: StockDelta[]): Promise<MemoryLedger> => {
  const ledger = new MemoryLedger();
  await ledger.process(...messages);
  return ledger;
};
const outcomes = (ledger: MemoryLedger) => ledger.outputsTo(TOPICS.outcomes).map((value) => StockOutcome.parse(value));

describe('what is promised before it came', () => {
  it('is shown with the level and told to whoever asked, with its day', async () => {
    const ledger = await ledgerOf(expecting(5), ahead('order/web-1/1/1', 3));
    expect(ledger.levels.get(KEY)).toMatchObject({ incoming: 5, promisedIncoming: 3, reserved: 0 });
    expect(ledger.outputsTo(TOPICS.orderIntake)).toMatchObject([
      {
        type: 'reservation_answered',
        result: 'accepted',
        allocations: [],
        awaited: [{ location: 'shop-a', quantity: 3, expectedAt: EXPECTED_AT }],
      },
    ]);
  });

  it('leaves to others what is told by its day, and no day where nobody told one', async () => {
    const later = '2026-05-01T08:00:00.000Z';
    const ledger = await ledgerOf(
      expecting(5),
      ahead('A', 3),
      expecting(4, { reference: 'D2', expectedAt: later }),
      expecting(1, { reference: 'D3', expectedAt: undefined }),
    );
    expect(ledger.levels.get(KEY)).toMatchObject({
      arrivals: [{ units: 2, expectedAt: EXPECTED_AT }, { units: 4, expectedAt: later }, { units: 1 }],
    });
    const untold = await ledgerOf(expecting(5, { expectedAt: undefined }));
    expect(untold.levels.get(KEY)).not.toHaveProperty('arrivals');
  });

  it.each([true, false])('is known to a new owner, of images and of collections (written: %s)', async (isWritten) => {
    const ledger = await ledgerOf(expecting(5), ahead('A', 3), ahead('B', 2));
    if (isWritten) await ledger.flush();
    ledger.restart();
    await ledger.process(ahead('C', 1), receipt(4, 'shop-a', { reference: 'D1' }));
    expect(outcomes(ledger)).toMatchObject([
      { type: 'arrival', location: 'shop-a', reservations: [{ reservationId: 'A', quantity: 3 }] },
    ]);
    expect(ledger.levels.get(KEY)).toMatchObject({ onHand: 4, reserved: 4, incoming: 1, promisedIncoming: 1 });
    expect(ledger.outputsTo(TOPICS.orderIntake).at(-1)).toMatchObject({ result: 'refused', shortUnits: 1 });
  });

  it('is told once again, and not told otherwise, when an owner publishes what another committed', async () => {
    const ledger = await ledgerOf(expecting(5), ahead('A', 3), receipt(5, 'shop-a', { reference: 'D1' }));
    const entries = [...ledger.entries.values()];
    const packs = MOVEMENT_PACKS.toDocuments(entries, 'c') as unknown as MovementPack[];
    const stored = packs.flatMap((pack) => entriesIn(pack)) as typeof entries;
    const told = (of: typeof entries) => entryOutputs(of).filter(({ topic }) => topic === TOPICS.outcomes);
    expect(told(entries).map(({ value }) => value)).toMatchObject([{ type: 'arrival' }]);
    expect(told(stored)).toEqual(told(entries));
  });

  it('moves with effects that say so, so that a movement tells what it did', async () => {
    const ledger = await ledgerOf(expecting(5), ahead('A', 3), receipt(4, 'shop-a', { reference: 'D1' }));
    const sums = new Map<string, number>();
    for (const { effects } of ledger.entries.values())
      for (const { location: _, lots: __, onHandAfter: ___, reservedAfter: ____, ...changes } of effects)
        for (const [bucket, units] of Object.entries(changes)) sums.set(bucket, (sums.get(bucket) ?? 0) + units);
    expect(Object.fromEntries(sums)).toEqual({ incoming: 1, promisedIncoming: 0, onHand: 4, reserved: 3 });
    expect(ledger.levels.get(KEY)).not.toHaveProperty('promisedIncoming');
  });

  it('is taken back from a holder who is told that less is expected', async () => {
    const ledger = await ledgerOf(expecting(5), ahead('A', 3), ahead('B', 2), expecting(1, { withdrawn: true }));
    expect(outcomes(ledger)).toMatchObject([
      { type: 'shortfall', of: 'incoming', shortUnits: 1, endangered: [{ reservationId: 'B', quantity: 2 }] },
    ]);
    await ledger.process(step('release', 'B'));
    expect(outcomes(ledger).at(-1)).toMatchObject({ result: 'unchanged', state: 'RELEASED' });
    expect(ledger.levels.get(KEY)).toMatchObject({ incoming: 4, promisedIncoming: 3 });
  });

  it('has a document without its fields where nothing is awaited, as former versions wrote and read them', async () => {
    const ledger = await ledgerOf(receipt(5), reserve('A', 3));
    await ledger.flush();
    const stored = await ledger.repository.loadMany([SKU]);
    const { levels, reservations } = stored.get(SKU)!;
    const level = levels.get('shop-a')!;
    const shown = { safetyStock: 0, available: 2, confidence: 1, unreferenced: false };
    const document = toLevelDocument({ sku: SKU, partition: 0, level, shown });
    expect(Object.keys(document)).not.toContain('promisedIncoming');
    expect(toLevel(document)).toEqual(level);
    const reservation = reservations.get('A')!;
    const held = toReservationDocument({ sku: SKU, partition: 0, reservation });
    expect(Object.keys(held)).not.toContain('awaited');
    expect(toReservation(held)).toEqual(reservation);
  });

  it('is in the documents of a level and a reservation that have some', async () => {
    const ledger = await ledgerOf(
      expecting(5),
      expecting(2, { reference: 'D2', expectedAt: undefined }),
      ahead('A', 3),
    );
    await ledger.flush();
    const { levels, reservations } = (await ledger.repository.loadMany([SKU])).get(SKU)!;
    const level = levels.get('shop-a')!;
    const reservation = reservations.get('A')!;
    expect(level.expected).toEqual([
      { reference: 'D1', units: 5, atMs: Date.parse(EXPECTED_AT) },
      { reference: 'D2', units: 2 },
    ]);
    const shown = { safetyStock: 0, available: 0, confidence: 1, unreferenced: false };
    expect(toLevel(toLevelDocument({ sku: SKU, partition: 0, level, shown }))).toEqual(level);
    expect(toReservation(toReservationDocument({ sku: SKU, partition: 0, reservation }))).toEqual(reservation);
  });
});
