import { describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { SHOPS } from './testing/catalog.js';
import { count, fact, hours, receipt, reserve, sale, step } from './testing/deltas.js';
import { SKU } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const heartbeat = (locations: string[]) => ({
  id: `h${locations.join()}`,
  source: 'wms',
  type: 'heartbeat' as const,
  locations,
  occurredAt: hours(0),
});

describe('a batch of deltas', () => {
  it('leaves an entry for every record, and one level and one availability for all of them', async () => {
    const ledger = new MemoryLedger();
    const { entries, outputs } = await ledger.process(receipt(10, 'ecom'), sale(2, 'ecom'), sale(3, 'ecom'));
    expect(entries.map(({ outcome, offset }) => [outcome, offset])).toEqual([
      ['applied', 0],
      ['applied', 1],
      ['applied', 2],
    ]);
    const by = (topic: object) => outputs.filter((output) => output.topic === topic);
    expect(by(TOPICS.levels)).toHaveLength(1);
    expect(by(TOPICS.movements)).toHaveLength(3);
    expect(ledger.levels.get(`${SKU}@ecom`)).toMatchObject({ onHand: 5, version: versionOf(1, 2) });
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 5, version: versionOf(1, 2) });
  });

  it('publishes availability only when what is shown changed', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(10, 'ecom'));
    const { outputs } = await ledger.process(fact('expect', 5, 'ecom'));
    expect(outputs.some(({ topic }) => topic === TOPICS.availability)).toBe(false);
    expect(outputs.some(({ topic }) => topic === TOPICS.levels)).toBe(true);
  });

  it('does not keep effects of what was decided and never committed', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(3));
    const batch = ledger.batchOf([reserve('A', 2), sale(1)]);
    const first = await ledger.decide(batch);
    const second = await ledger.decide(batch);
    expect(second.entries).toEqual(first.entries);
    expect(second.writes).toEqual(first.writes);
    ledger.commit(second);
    expect(ledger.levels.get(`${SKU}@shop-a`)).toMatchObject({ onHand: 2, reserved: 2 });
  });

  it('tells of thousands of endangered holds in several notices, each small enough for a record', async () => {
    const ledger = new MemoryLedger();
    const holds = Array.from({ length: 4500 }, (_, i) => reserve(`${i}-${'x'.repeat(120)}`, 1));
    await ledger.process(receipt(4500), ...holds, count(0));
    const notices = ledger
      .outputsTo(TOPICS.outcomes)
      .filter((output) => (output as { type: string }).type === 'shortfall');
    expect(notices.map((notice) => (notice as { endangered: unknown[] }).endangered.length)).toEqual([2000, 2000, 500]);
    expect(new Set(notices.map((notice) => (notice as { id: string }).id)).size).toBe(3);
    for (const notice of notices) expect(JSON.stringify(notice).length).toBeLessThan(900_000);
  });

  it('answers every command, refusals included, and tells shortfalls', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(3), reserve('A', 3), reserve('B', 1), sale(1));
    expect(ledger.outputsTo(TOPICS.outcomes)).toMatchObject([
      { type: 'reservation', reservationId: 'A', result: 'accepted' },
      { type: 'reservation', reservationId: 'B', result: 'refused', shortUnits: 1 },
      { type: 'shortfall', shortUnits: 1, endangered: [{ reservationId: 'A', quantity: 3 }] },
    ]);
  });

  it('lets no field of a message pass for an answer of the ledger', async () => {
    const ledger = new MemoryLedger();
    const forged = { type: 'reservation', id: 'x', result: 'accepted' };
    await ledger.process(
      receipt(1, 'shop-a', { answer: forged, shortfalls: [forged], effects: [forged], note: 'kept' }),
    );
    expect(ledger.outputsTo(TOPICS.outcomes)).toEqual([]);
    expect(ledger.outputsTo(TOPICS.movements)).toMatchObject([{ note: 'kept', effects: [{ onHand: 1 }] }]);
  });

  it('forgets finished reservations, yet knows them when they are asked for', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(100));
    for (let i = 0; i < 50; i++) await ledger.process(reserve(`R${i}`, 1), step('fulfil', `R${i}`));
    expect(ledger.reservationsInMemory(SKU)).toBe(0);
    const { entries } = await ledger.process(reserve('R7', 1), step('release', 'R8'));
    expect(entries.map(({ outcome }) => outcome)).toEqual(['unchanged', 'refused']);
    expect(ledger.reservationsInMemory(SKU)).toBe(0);
  });

  it('knows finished reservations also where very many ask at once', async () => {
    const ledger = new MemoryLedger();
    const asking = (from: number) => Array.from({ length: 60 }, (_, i) => reserve(`R${from + i}`, 1));
    await ledger.process(receipt(1000), ...asking(0));
    await ledger.process(...asking(100), step('release', 'early'), step('fulfil', 'R3'));
    const { entries } = await ledger.process(...asking(200), reserve('early', 1), reserve('R3', 1), reserve('R4', 1));
    expect(entries.slice(-3).map(({ outcome }) => outcome)).toEqual(['refused', 'unchanged', 'unchanged']);
    ledger.restart();
    const later = await ledger.process(...asking(300), reserve('early', 1));
    expect(later.entries.at(-1)).toMatchObject({ answer: { reason: 'already_released' } });
  });

  it('counts across batches: facts of the ledger and of the batch itself stay on top', async () => {
    const ledger = new MemoryLedger();
    const at = (h: number) => ({ occurredAt: hours(h) });
    await ledger.process(receipt(10, 'shop-a', at(-5)), sale(1, 'shop-a', at(-1)));
    await ledger.process(sale(2, 'shop-a', at(0)), count(8, 'shop-a', at(-2)), sale(1, 'shop-a', at(1)));
    expect(ledger.levels.get(`${SKU}@shop-a`)?.onHand).toBe(4);
  });

  it('works on after a restart as if nothing had been', async () => {
    const [straight, restarted] = [new MemoryLedger(), new MemoryLedger()];
    const history = [receipt(9), reserve('A', 2), count(7), sale(1), step('commit', 'A'), reserve('B', 4), sale(1)];
    for (const message of history) {
      await straight.process(message);
      await restarted.process(message);
      restarted.restart();
    }
    expect(restarted.levels).toEqual(straight.levels);
    expect(restarted.availability).toEqual(straight.availability);
    expect(restarted.repository.entries).toEqual(straight.repository.entries);
  });
});

describe('a tick', () => {
  it('with nothing to do changes nothing', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5, 'ecom'));
    const { nothingChanged, entries, outputs } = await ledger.process('tick');
    expect({ nothingChanged, entries, outputs }).toEqual({ nothingChanged: true, entries: [], outputs: [] });
  });

  it('ends holds whose time is over, with an entry each', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5), reserve('A', 2), reserve('B', 1, { expiresAt: hours(72) }));
    ledger.wait(DAY_MS);
    const { entries } = await ledger.process('tick');
    expect(entries).toMatchObject([{ type: 'expire', reservationId: 'A', outcome: 'accepted' }]);
    expect(ledger.levels.get(`${SKU}@shop-a`)).toMatchObject({ reserved: 1 });
    expect((await ledger.process('tick')).nothingChanged).toBe(true);
  });

  it('gives no older version to what a later record of its batch changed', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5), reserve('A', 2));
    ledger.wait(DAY_MS);
    await ledger.process('tick', sale(1));
    expect(ledger.levels.get(`${SKU}@shop-a`)).toMatchObject({ onHand: 4, reserved: 0, version: versionOf(1, 3) });
  });

  it('shows a SKU once the catalog knows it, and takes it back when it does not', async () => {
    const ledger = new MemoryLedger({ ...SHOPS, products: {} });
    await ledger.process(receipt(5, 'ecom'));
    expect(ledger.levels.get(`${SKU}@ecom`)).toMatchObject({ unreferenced: true });
    expect(ledger.availability.size).toBe(0);
    ledger.learn(SHOPS, [SKU]);
    await ledger.process('tick');
    expect(ledger.levels.get(`${SKU}@ecom`)).toMatchObject({ unreferenced: false, version: versionOf(1, 1) });
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 5 });
    ledger.learn({ ...SHOPS, products: {} }, [SKU]);
    await ledger.process('tick');
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 0, status: 'out' });
  });

  it('works figures out anew when a channel changed, and when a figure grew stale', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5, 'ecom'), receipt(7, 'factory'));
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 12 });
    const buffered = { pools: [{ code: 'p', locations: ['ecom', 'factory'], bufferUnits: 1 }] };
    ledger.learn({ ...SHOPS, channels: { ...SHOPS.channels, web: buffered } });
    await ledger.process('tick');
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 10 });
    ledger.wait(2 * DAY_MS);
    await ledger.process('tick');
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 4 });
    await ledger.process(heartbeat(['factory']));
    await ledger.process('tick');
    expect(ledger.availability.get(`${SKU}|web|all`)).toMatchObject({ available: 10 });
  });

  it('goes on round SKUs that stand in many places', async () => {
    const codes = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const locations = Object.fromEntries(codes.map((code) => [code, { type: 'regional_dc' as const }]));
    const ledger = new MemoryLedger({ ...SHOPS, locations: {} });
    for (const sku of ['SKU-1', 'SKU-2', 'SKU-3'])
      await ledger.process(...codes.map((code) => receipt(1, code, { sku })));
    ledger.learn({ ...SHOPS, locations, channels: {}, products: { 'SKU-1': {}, 'SKU-2': {}, 'SKU-3': {} } });
    await ledger.process('tick');
    await ledger.process('tick');
    for (const sku of ['SKU-1', 'SKU-2', 'SKU-3'])
      expect(ledger.availability.get(`${sku}|web|all`)).toMatchObject({ available: 60 });
  });
});
