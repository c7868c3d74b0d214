import { describe, expect, it } from '@jest/globals';
import { hours, receipt } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { ReservationDesk } from './testing/reservation-desk.js';

const body = (id: string) => ({
  id,
  lines: [{ sku: 'SKU-1', quantity: 2, locations: ['shop-a'] }],
  mode: 'all_or_nothing' as const,
  expiresAt: hours(24),
});

async function stocked() {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(10));
  return { ledger, desk: new ReservationDesk(ledger) };
}

describe('DELETE of a reservation that is not known', () => {
  it('leaves a tombstone at the SKUs it names, so that a request that comes late holds nothing', async () => {
    const { ledger, desk } = await stocked();
    expect(await desk.rest.release('late', { sku: ['SKU-1'] })).toEqual({
      id: 'late',
      released: [],
      barred: ['SKU-1'],
    });
    expect(await desk.answer(() => desk.rest.reserve(body('late')))).toMatchObject({
      status: 409,
      type: 'urn:shelfline:problem:already-released',
      detail: expect.stringMatching(/released before it was made; nothing is held/),
    });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ reserved: 0 });
    expect(await desk.rest.release('late', { sku: ['SKU-1'] })).toMatchObject({ released: ['SKU-1'], barred: [] });
  });

  it('and names no SKU says that nothing was done, and how to keep a late request out', async () => {
    const { desk } = await stocked();
    expect(await desk.answer(() => desk.rest.release('late', { sku: [] }))).toMatchObject({
      status: 404,
      detail: expect.stringMatching(/nothing was done\. .*\?sku=A&sku=B/),
    });
    expect(await desk.rest.reserve(body('late'))).toMatchObject({ lines: [{ reserved: 2 }] });
  });
});

describe('from a hold on', () => {
  it('commit and fulfil lead by REST, are repeated without harm, and end what can be released', async () => {
    const { ledger, desk } = await stocked();
    await desk.rest.reserve(body('R1'));
    const line = { sku: 'SKU-1', allocations: [{ location: 'shop-a', quantity: 2 }] };
    for (let i = 0; i < 2; i++)
      expect(await desk.rest.commit('R1')).toMatchObject({
        state: 'COMMITTED',
        lines: [{ ...line, state: 'COMMITTED' }],
      });
    ledger.wait(48 * 60 * 60 * 1000);
    await ledger.process('tick');
    expect((await desk.rest.show('R1')).lines).toMatchObject([{ state: 'COMMITTED' }]);
    for (let i = 0; i < 2; i++)
      expect(await desk.rest.fulfil('R1')).toMatchObject({
        id: 'R1',
        state: 'FULFILLED',
        lines: [{ state: 'FULFILLED' }],
      });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ onHand: 8, reserved: 0 });
    expect(await desk.answer(() => desk.rest.commit('R1'))).toMatchObject({ status: 409 });
    expect(await desk.answer(() => desk.rest.release('R1', { sku: [] }))).toMatchObject({
      status: 409,
      title: 'The reservation cannot be released',
      detail: expect.stringMatching(/SKU-1 of R1 is fulfilled already/),
    });
  });

  it('what is unknown or released is refused with words', async () => {
    const { desk } = await stocked();
    expect(await desk.answer(() => desk.rest.commit('no'))).toMatchObject({
      status: 404,
      detail: expect.stringMatching(/Check the id/),
    });
    await desk.rest.reserve(body('R1'));
    await desk.rest.release('R1', { sku: [] });
    expect(await desk.answer(() => desk.rest.fulfil('R1'))).toMatchObject({
      status: 409,
      type: 'urn:shelfline:problem:not-possible',
      detail: expect.stringMatching(/is released already.*Nothing was changed.*with a new id/s),
    });
  });
});
