import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CreditSimulator } from '../testing/credit-simulator.js';
import { HttpCredit, type HttpCreditOptions } from './http-credit.js';

describe('credit over HTTP', () => {
  let simulator: CreditSimulator;
  let url = '';
  const clock = { nowMs: 0 };
  const credit = (over: Partial<HttpCreditOptions> = {}) =>
    new HttpCredit({
      url,
      timeoutMs: 2000,
      tries: 2,
      circuit: { openAfter: 4, tryAfterMs: 1000, now: () => clock.nowMs },
      ...over,
    });
  const request = (holdMinor: number, revision = 1, over: object = {}) => ({
    orderId: 'web-1',
    account: 'S 1/a',
    currency: 'CNY',
    holdMinor,
    revision,
    ...over,
  });

  beforeEach(async () => {
    simulator = new CreditSimulator().open('S 1/a', 1000);
    url = `${await simulator.start()}/`;
  });
  afterEach(() => simulator.stop());

  it('is held within the limit, lowered and given back', async () => {
    const port = credit();
    expect(await port.hold(request(700))).toEqual({ result: 'held' });
    expect(await port.hold(request(400, 1, { orderId: 'web-2' }))).toEqual({
      result: 'refused',
      reason: 'limit exceeded',
    });
    expect(await port.hold(request(500, 2))).toEqual({ result: 'held' });
    expect(await port.hold(request(400, 1, { orderId: 'web-2' }))).toEqual({ result: 'held' });
    expect(await port.hold(request(0, 3))).toEqual({ result: 'held' });
    expect(simulator.heldMinor('S 1/a')).toBe(400);
  });

  it('of a revision that comes late changes nothing', async () => {
    const port = credit();
    await port.hold(request(0, 2));
    expect(await port.hold(request(700, 1))).toEqual({ result: 'held' });
    expect(simulator.heldMinor('S 1/a')).toBe(0);
  });

  it('is asked once more where an answer is lost or broken, and held once', async () => {
    simulator.misbehave('lose');
    expect(await credit().hold(request(700))).toEqual({ result: 'held' });
    simulator.misbehave('fail');
    expect(await credit().hold(request(600, 2))).toEqual({ result: 'held' });
    expect(simulator.asked).toEqual(['web-1/1', 'web-1/1', 'web-1/2', 'web-1/2']);
    expect(simulator.heldMinor('S 1/a')).toBe(600);
  });

  it('is unknown where nobody answers in time, and no request waits longer than its tries', async () => {
    simulator.misbehave('hang', 'hang');
    expect(await credit({ timeoutMs: 50 }).hold(request(700))).toEqual({
      result: 'unavailable',
      reason: 'no answer in time',
    });
    expect(simulator.asked).toHaveLength(2);
  });

  it('was waited for while its words never ended', async () => {
    simulator.misbehave('babble');
    expect(await credit().hold(request(700))).toEqual({ result: 'refused', reason: 'status 402' });
    expect(simulator.asked).toHaveLength(1);
  });

  it('is unknown where an answer stops in the midst of its words', async () => {
    simulator.misbehave('stall', 'stall');
    expect(await credit({ timeoutMs: 50 }).hold(request(700))).toEqual({
      result: 'unavailable',
      reason: 'no answer in time',
    });
  });

  it('is refused with the reason of an unknown account or another currency', async () => {
    expect(await credit().hold(request(1, 1, { account: 'nobody' }))).toMatchObject({ reason: 'no such account' });
    expect(await credit().hold(request(1, 1, { currency: 'EUR' }))).toMatchObject({ result: 'refused' });
  });

  it('is not asked for a while of who has not answered, and then again', async () => {
    const port = credit();
    simulator.misbehave('fail', 'fail', 'fail', 'fail');
    expect(await port.hold(request(1))).toMatchObject({ result: 'unavailable', reason: 'status 500' });
    await port.hold(request(1));
    expect(await port.hold(request(1))).toMatchObject({
      result: 'unavailable',
      reason: expect.stringContaining('not asked'),
    });
    expect(simulator.asked).toHaveLength(4);
    clock.nowMs += 1000;
    expect(await port.hold(request(1))).toEqual({ result: 'held' });
    expect(await port.hold(request(2, 2))).toEqual({ result: 'held' });
  });

  it('is unknown where nobody listens', async () => {
    const nowhere = credit({ url: 'http://127.0.0.1:9' });
    expect(await nowhere.hold(request(1))).toEqual({ result: 'unavailable', reason: 'no connection' });
  });
});
