import { beforeEach, describe, expect, it } from '@jest/globals';
import { versionInHeaders } from '@shelfline/contracts/record-headers';
import { TrackedOrder } from '@shelfline/contracts/tracking';
import { cancelling, doing, NOW_MS, placing } from '../testing/order-cases.js';
import { Intake } from '../testing/order-intake.js';

const tick = 'tick' as const;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

describe('what the customer of an order is told', () => {
  let intake: Intake;
  const told = () => intake.sent('orders.tracking').map((value) => (value === null ? null : TrackedOrder.parse(value)));
  beforeEach(() => {
    intake = new Intake({ A: { 'shop-1': 5, 'shop-2': 5 } });
  });

  it('is nothing until it is known what becomes of it', async () => {
    await intake.batch(placing());
    expect(told()).toEqual([]);
    await intake.ledgerAnswers();
    expect(told()).toMatchObject([{ orderId: 'web-1', state: 'ROUTED', parcels: [{ number: 1, state: 'ASSIGNED' }] }]);
  });
  it('is each step with its time, under growing versions', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    const versions = [told()[0]!.version];
    intake.nowMs += 1000;
    await intake.batch(doing('accept'));
    versions.push(told()[0]!.version);
    intake.nowMs += 1000;
    await intake.batch(doing('pick'), doing('pack'));
    const [order] = told();
    versions.push(order!.version);
    expect(order!.parcels[0]!.steps).toEqual([
      { state: 'ACCEPTED', at: new Date(NOW_MS + 1000).toISOString() },
      { state: 'PICKING', at: new Date(NOW_MS + 2000).toISOString() },
      { state: 'PACKED', at: new Date(NOW_MS + 2000).toISOString() },
    ]);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
  });
  it('names neither him nor the places that sent it on', async () => {
    const destination = { city: 'Lyon', address: '1 rue X', recipient: 'Anna', phone: '+33 1' };
    await intake.batch(placing({ A: 1 }, { destination, memberId: 'm-1' } as object));
    await intake.ledgerAnswers();
    await intake.batch(doing('reject'));
    await intake.ledgerAnswers();
    const text = JSON.stringify(told());
    expect(
      told()
        .at(-1)!
        .parcels.map(({ number }) => number),
    ).toEqual([2]);
    expect(text).not.toMatch(/Anna|rue X|\+33|m-1|shop-1|shop-2/);
  });
  it('is what was cancelled, not what staff wrote down about it', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    await intake.batch({ ...cancelling(), reason: 'difficult customer' });
    expect(told()).toMatchObject([{ state: 'CANCELLED', reason: 'cancelled', parcels: [] }]);
  });
  it('ends a week after it is over, once, and the order stays as it was', async () => {
    await intake.batch(placing());
    await intake.ledgerAnswers();
    await intake.batch(cancelling());
    const { changedAtMs } = intake.orders.orders.get('web-1')!;
    intake.nowMs += WEEK_MS - 1;
    await intake.batch(tick);
    expect(intake.decision.nothingChanged).toBe(true);
    intake.nowMs += 1;
    await intake.batch(tick);
    expect(told()).toEqual([null]);
    const output = intake.decision.outputs.find(({ topic }) => topic.name === 'orders.tracking')!;
    const order = intake.orders.orders.get('web-1')!;
    expect(versionInHeaders(output.headers!)).toBe(order.version);
    expect(order).toMatchObject({ state: 'CANCELLED', changedAtMs });
    // It is found again after a crash: a tombstone that was not sent has an entry to send it by.
    expect(intake.entries).toMatchObject([{ outcome: 'due', told: [], commands: [] }]);
    intake.nowMs += WEEK_MS;
    await intake.batch(tick);
    expect(intake.decision.nothingChanged).toBe(true);
  });
});
