import { describe, expect, it } from '@jest/globals';
import { receipt, reserve } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { ReservationDesk } from './testing/reservation-desk.js';

async function held() {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(10, 'shop-a', { lot: 'A', serials: ['a1'] }), reserve('R', 2));
  const desk = new ReservationDesk(ledger);
  const fulfil = (units: object) => desk.answer(() => desk.rest.fulfil('R', { lines: [{ sku: 'SKU-1', ...units }] }));
  return { ledger, fulfil };
}
const lot = (name: string, quantity = 2) => ({ lots: [{ lot: name, quantity }] });

describe('a fulfilment by REST', () => {
  it.each([
    ['a lot that is not known', lot('NO-SUCH'), 'lot_short', /below 0/],
    ['a serial number that is not known', { serials: ['x'] }, 'serial_unknown', /not known to stand there/],
  ])('that names %s is done, and says so', async (_, units, reason, words) => {
    const { ledger, fulfil } = await held();
    const answer = { state: 'FULFILLED', noted: [{ sku: 'SKU-1', reason, detail: expect.stringMatching(words) }] };
    for (let i = 0; i < 2; i++) expect(await fulfil(units)).toMatchObject(answer);
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ onHand: 8, reserved: 0 });
  });

  it('that names more serial numbers than units is refused before anything leaves', async () => {
    const { ledger, fulfil } = await held();
    expect(await fulfil({ serials: ['a1', 'x', 'y'] })).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^lines\[0\]\.serials: name 3 units, but reservation R holds 2 of SKU-1/),
    });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ onHand: 10, reserved: 2 });
  });

  it('that names what stands there has nothing to say', async () => {
    const { fulfil } = await held();
    expect(await fulfil({ ...lot('A', 1), serials: ['a1'] })).not.toHaveProperty('noted');
  });

  it('that comes again with other lots is not taken for recorded', async () => {
    const { ledger, fulfil } = await held();
    await fulfil({});
    expect(await fulfil(lot('A'))).toMatchObject({
      status: 409,
      type: 'urn:shelfline:problem:fulfilled-before',
      detail: expect.stringMatching(/^SKU-1 of R had left already .* are not recorded.* adjustments/),
    });
    expect(await fulfil({})).toMatchObject({ state: 'FULFILLED' });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ onHand: 8 });
  });
});
