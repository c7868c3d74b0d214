import { describe, expect, it } from '@jest/globals';
import { CourierAnswered } from '@shelfline/contracts/parcel';
import { silentLog } from '@shelfline/streaming/log';
import type { Parcel } from '../domain/couriers/parcel.js';
import type { Courier } from './courier.js';
import { CourierRunner } from './courier-runner.js';

const parcel = (over: Partial<Parcel> = {}): Parcel => ({
  parcelId: 'web-1/1',
  orderId: 'web-1',
  courier: 'fast',
  store: 'shop-1',
  method: 'courier',
  destination: {},
  lines: [],
  state: 'ASKED',
  attempts: 0,
  steps: [],
  changedAtMs: 0,
  version: 1,
  ...over,
});

function runnerOf(over: Partial<Courier> = {}, timeoutMs = 60_000) {
  const sent: CourierAnswered[] = [];
  const asked: string[] = [];
  const clock = { nowMs: 1000 };
  const courier: Courier = {
    name: 'fast',
    label: ({ parcelId }) => {
      asked.push(parcelId);
      return Promise.resolve({ kind: 'labelled', tracking: 'F1' });
    },
    cancel: () => Promise.resolve('cancelled'),
    readNotices: () => [],
    ...over,
  };
  const runner = new CourierRunner({
    couriers: new Map([['fast', courier]]),
    publisher: {
      publish: (records) => {
        sent.push(...records.map(({ value }) => value as CourierAnswered));
        return Promise.resolve(records.map(() => ({ ok: true }) as never));
      },
    },
    timeoutMs,
    nowMs: () => clock.nowMs,
    log: silentLog,
    answered: () => {},
  });
  return { runner, sent, asked, clock };
}

describe('whoever asks couriers', () => {
  it('brings an answer to the parcel’s partition, and asks nothing twice while it is on its way', async () => {
    const { runner, sent, asked } = runnerOf();
    runner.ask([parcel()]);
    runner.ask([parcel()]);
    await runner.settled();
    runner.ask([parcel()]);
    await runner.settled();
    expect(asked).toEqual(['web-1/1']);
    expect(sent).toMatchObject([{ type: 'answered', orderId: 'web-1', answer: 'labelled', tracking: 'F1' }]);
  });
  it('says which question it answers, so that of two answers to one question one counts', async () => {
    const { runner, sent } = runnerOf();
    runner.ask([parcel({ dueAtMs: Date.UTC(2026, 5, 1) })]);
    await runner.settled();
    expect(sent).toMatchObject([{ dueAt: '2026-06-01T00:00:00.000Z' }]);
  });
  it('asks again where the answer was lost, and what is due in another state', async () => {
    const { runner, sent, asked, clock } = runnerOf();
    runner.ask([parcel()]);
    await runner.settled();
    runner.ask([parcel({ version: 2, state: 'CANCELLING' })]);
    await runner.settled();
    clock.nowMs += 10_000;
    runner.ask([parcel()]);
    await runner.settled();
    expect([asked.length, sent.map(({ answer }) => answer)]).toEqual([2, ['labelled', 'cancelled', 'labelled']]);
  });
  it('says that nothing is known where a courier breaks, hangs, or is not set up', async () => {
    const broken = runnerOf({ label: () => Promise.reject(new Error('line is down')) });
    broken.runner.ask([parcel(), parcel({ parcelId: 'web-2/1', courier: 'gone' })]);
    await broken.runner.settled();
    const why = Object.fromEntries(broken.sent.map(({ parcelId, answer, reason }) => [parcelId, [answer, reason]]));
    expect(why).toEqual({
      'web-1/1': ['unavailable', 'line is down'],
      'web-2/1': ['unavailable', 'no connector to gone is set up here'],
    });
    const hanging = runnerOf({ label: () => new Promise(() => {}) }, 10);
    hanging.runner.ask([parcel()]);
    await hanging.runner.settled();
    expect(hanging.sent).toMatchObject([{ answer: 'unavailable', reason: 'no answer within 10 ms' }]);
  });
  it('has no more under way than a courier can answer', () => {
    const { runner, asked } = runnerOf();
    runner.ask(Array.from({ length: 30 }, (_, i) => parcel({ parcelId: `web-${i}/1` })));
    expect(asked.length).toBe(20);
  });
  it('sent what no partition can read, again and again, where a courier answered beyond measure', async () => {
    const answers = [
      { kind: 'labelled', tracking: 'F'.repeat(101) },
      { kind: 'labelled', tracking: '' },
      { kind: 'refused', reason: 'no '.repeat(200) },
      { kind: 'refused', reason: '' },
    ] as const;
    for (const answer of answers) {
      const { runner, sent } = runnerOf({ label: () => Promise.resolve(answer) });
      runner.ask([parcel()]);
      await runner.settled();
      expect(CourierAnswered.safeParse(sent[0]).success).toBe(true);
      expect(sent[0]!.answer).toBe(answer.kind === 'labelled' ? 'unavailable' : 'refused');
    }
    const wordless = runnerOf({ label: () => Promise.reject(new Error('')) });
    wordless.runner.ask([parcel()]);
    await wordless.runner.settled();
    expect(CourierAnswered.parse(wordless.sent[0])).toMatchObject({ answer: 'unavailable' });
  });
});
