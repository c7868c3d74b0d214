import { describe, expect, it } from '@jest/globals';
import { SHOPS } from './testing/catalog.js';
import { hours, receipt } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { ReservationDesk } from './testing/reservation-desk.js';

const TWO = { ...SHOPS, products: { 'SKU-1': {}, 'SKU-2': {} } };
const body = (id: string, quantity: number, more: object = {}) => ({
  id,
  lines: [{ sku: 'SKU-1', quantity, locations: ['shop-a'] }],
  mode: 'all_or_nothing' as const,
  expiresAt: hours(24),
  ...more,
});
const line = (sku: string, quantity: number, more: object = { locations: ['shop-a'] }) => ({ sku, quantity, ...more });

async function stocked() {
  const ledger = new MemoryLedger(TWO);
  await ledger.process(receipt(10), { ...receipt(10), sku: 'SKU-2' });
  const desk = new ReservationDesk(ledger);
  const reserve = (asked: ReturnType<typeof body>) => desk.answer(() => desk.rest.reserve(asked as never));
  const state = async (id: string) =>
    (await desk.rest.show(id)).lines.map((each) => [each.sku, each.state, each.allocations[0]?.quantity]);
  return { ledger, desk, reserve, state };
}

describe('a refused reservation', () => {
  it('with the id of another says that the first stands, and it does', async () => {
    const { reserve, state } = await stocked();
    expect(await reserve(body('R1', 5))).toMatchObject({ lines: [{ reserved: 5 }] });
    expect(await reserve(body('R1', 4))).toMatchObject({
      status: 409,
      type: 'urn:shelfline:problem:conflict',
      title: 'The id belongs to another reservation',
      detail: expect.stringMatching(/stands as it was made; nothing of this request is held\. Use a new id/),
      lines: [{ sku: 'SKU-1', reserved: 0, short: 4, reason: 'conflict' }],
    });
    expect(await state('R1')).toEqual([['SKU-1', 'ACTIVE', 5]]);
    expect(await reserve(body('R1', 5))).toMatchObject({ lines: [{ reserved: 5 }] });
  });

  it.each([
    ['more lines', [line('SKU-1', 5), line('SKU-2', 1)]],
    ['more lines, of which one is short', [line('SKU-1', 5), line('SKU-2', 99)]],
  ])('with the id of another and %s leaves the first as it is', async (_, lines) => {
    const { reserve, state } = await stocked();
    await reserve(body('R1', 5));
    expect(await reserve(body('R1', 0, { lines }))).toMatchObject({
      status: 409,
      type: expect.stringMatching(/conflict$/),
    });
    expect((await state('R1'))[0]).toEqual(['SKU-1', 'ACTIVE', 5]);
    expect(await reserve(body('R2', 9, { lines: [line('SKU-2', 10)] }))).toMatchObject({ lines: [{ reserved: 10 }] });
  });

  it('of several lines is the same whatever the order of its lines, and another with fewer', async () => {
    const { reserve, state } = await stocked();
    const lines = [line('SKU-1', 5), line('SKU-2', 5)];
    await reserve(body('R1', 0, { lines }));
    expect(await reserve(body('R1', 0, { lines: lines.toReversed() }))).toMatchObject({
      lines: [{ reserved: 5 }, { reserved: 5 }],
    });
    expect(await reserve(body('R1', 5))).toMatchObject({ status: 409, type: expect.stringMatching(/conflict$/) });
    expect(await state('R1')).toEqual([
      ['SKU-1', 'ACTIVE', 5],
      ['SKU-2', 'ACTIVE', 5],
    ]);
  });

  it.each([
    ['short', body('R', 12), 'short', /too little of SKU-1; .*ask for less/],
    [
      'an unknown SKU',
      body('R', 0, { lines: [line('no', 1)] }),
      'unknown-sku',
      /it does not know no\. .*bring the product/,
    ],
    [
      'an unknown place',
      body('R', 0, { lines: [line('SKU-1', 1, { locations: ['x'] })] }),
      'unknown-location',
      /location/,
    ],
    ['an unknown channel', body('R', 0, { lines: [line('SKU-1', 1, { channel: 'x' })] }), 'unknown-channel', /channel/],
    ['a time that is over', body('R', 1, { expiresAt: hours(-1) }), 'already-expired', /had passed.*in the future/],
    ['a time too far', body('R', 1, { expiresAt: hours(24 * 31) }), 'expires-too-late', /further ahead/],
  ])('because of %s says that', async (_, asked, slug, detail) => {
    const { reserve } = await stocked();
    expect(await reserve(asked)).toMatchObject({
      status: 409,
      type: `urn:shelfline:problem:${slug}`,
      detail: expect.stringMatching(detail),
      lines: [{ reserved: 0, short: expect.any(Number) }],
    });
  });

  it('because it ended or was released says so, and not that something is short', async () => {
    const { ledger, desk, reserve } = await stocked();
    await reserve(body('R1', 1));
    await desk.rest.release('R1', { sku: [] });
    expect(await reserve(body('R1', 2))).toMatchObject({
      status: 409,
      type: expect.stringMatching(/conflict$/),
      title: 'The id belonged to another reservation',
      detail: expect.stringMatching(/is over.*Reserve with a new id/),
    });
    await desk.rest.release('R2', { sku: ['SKU-1'] });
    expect(await reserve(body('R2', 2))).toMatchObject({
      status: 409,
      type: expect.stringMatching(/already-released$/),
    });
    ledger.wait(2 * 60 * 60 * 1000);
    expect(await reserve(body('R3', 1, { expiresAt: hours(1) }))).toMatchObject({
      type: expect.stringMatching(/already-expired$/),
      title: 'The reservation would be over already',
    });
  });

  it('asked for again after it was given back or ran out is not told as held', async () => {
    const { ledger, desk, reserve } = await stocked();
    await reserve(body('R1', 2));
    expect(await reserve(body('R1', 2))).toMatchObject({ lines: [{ reserved: 2 }] });
    await desk.rest.release('R1', { sku: [] });
    expect(await reserve(body('R1', 2))).toMatchObject({
      status: 409,
      type: expect.stringMatching(/already-released$/),
      lines: [{ reserved: 0, short: 2, state: 'RELEASED' }],
    });
    const soon = body('R2', 2, { expiresAt: hours(1) });
    expect(await reserve(soon)).toMatchObject({ lines: [{ reserved: 2 }] });
    ledger.wait(2 * 60 * 60 * 1000);
    await ledger.process('tick');
    expect(await reserve(soon)).toMatchObject({
      status: 409,
      type: expect.stringMatching(/already-expired$/),
      title: 'The reservation has ended',
    });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ reserved: 0 });
  });

  it('may be released again, for whatever reason it was given back before', async () => {
    const { desk, reserve } = await stocked();
    const lines = [line('SKU-1', 5), line('SKU-2', 11)];
    expect(await reserve(body('R1', 0, { lines }))).toMatchObject({ status: 409 });
    expect(await desk.rest.release('R1', { sku: [] })).toMatchObject({ released: expect.arrayContaining(['SKU-1']) });
  });

  it('gives back every line of it when one is refused', async () => {
    const { ledger, reserve } = await stocked();
    const lines = [line('SKU-1', 5), line('SKU-2', 11)];
    expect(await reserve(body('R1', 0, { lines }))).toMatchObject({
      type: 'urn:shelfline:problem:short',
      detail: expect.stringMatching(/too little of SKU-2/),
      lines: [
        { sku: 'SKU-1', reserved: 0, short: 0, allocations: [] },
        { sku: 'SKU-2', reserved: 0, short: 1, reason: 'short' },
      ],
    });
    expect(ledger.levels.get('SKU-1@shop-a')).toMatchObject({ reserved: 0 });
  });
});

describe('the time a reservation holds', () => {
  it('is bounded: year 2999 is refused before it reaches the ledger, with the latest moment that is taken', async () => {
    const { reserve } = await stocked();
    expect(await reserve(body('R1', 1, { expiresAt: '2999-01-01T00:00:00Z' }))).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^expiresAt must not be after 20.*: stock is held for 30 days at most/),
      errors: [{ path: 'expiresAt' }],
    });
  });
});
