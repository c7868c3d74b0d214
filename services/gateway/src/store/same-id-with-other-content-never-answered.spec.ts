import { describe, expect, it } from '@jest/globals';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { decodeConflict, OrdersClient, SOURCE } from './orders-client.js';

type Settle = (outcome: never) => void;
const STEP = { id: 'A/r1', orderId: 'o1', taskId: 'o1/1', store: 'A', action: 'accept' } as const;

function clientOf() {
  const sent: object[] = [];
  const waiting = new Map<string, Settle[]>();
  const tail = {
    expect: (id: string) => new Promise<never>((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve])),
  };
  const publisher = {
    publish: (records: readonly { readonly value: object }[]) => {
      sent.push(...records.map(({ value }) => value));
      return Promise.resolve([{ ok: true as const }]);
    },
  };
  const client = new OrdersClient(publisher as never, tail, tail, 5000);
  const arrives = (id: string, outcome: unknown) => waiting.get(id)?.forEach((settle) => settle(outcome as never));
  return { client, sent, arrives };
}
const answerTo = (action: string) =>
  ({ id: 'A/r1', source: SOURCE, orderId: 'o1', taskId: 'o1/1', action }) as OrderOutcome;
const deadLetter = (value: object, fields: object = {}) => {
  const letter = {
    reason: 'conflict',
    messageId: `${SOURCE}/A/r1`,
    value: Buffer.from(JSON.stringify(value)).toString('base64'),
  };
  return { value: Buffer.from(JSON.stringify({ ...letter, ...fields })) } as ReceivedRecord;
};

describe('a request whose id stands for another one', () => {
  it('is a conflict once it was set aside, and the one that stands is not', async () => {
    const { client, sent, arrives } = clientOf();
    const first = client.ask(STEP);
    const set = decodeConflict(deadLetter({ ...STEP, action: 'pick', source: SOURCE, type: 'task' }))!;
    arrives(set.id, set.outcome);
    arrives('A/r1', answerTo('accept'));
    expect(await first).toMatchObject({ action: 'accept' });
    const again = client.ask({ ...STEP, action: 'pick' });
    arrives(set.id, set.outcome);
    expect([await again, sent.length]).toEqual(['conflict', 2]);
  });
  it('is not even sent while the other is under way', async () => {
    const { client, sent, arrives } = clientOf();
    const first = client.ask(STEP);
    expect(await client.ask({ ...STEP, by: 'Wang' })).toBe('conflict');
    const repeated = client.ask({ ...STEP });
    arrives('A/r1', answerTo('accept'));
    expect([await first, await repeated]).toMatchObject([{ action: 'accept' }, { action: 'accept' }]);
    expect(sent).toHaveLength(2);
  });
  it('does not take the answer of another instance’s request for its own', async () => {
    for (const answer of [answerTo('pick'), { ...answerTo('accept'), taskId: 'o1/2' }]) {
      const { client, arrives } = clientOf();
      const asked = client.ask(STEP);
      arrives('A/r1', answer);
      expect(await asked).toBe('conflict');
    }
  });
  it('is told from what others set aside, and for other reasons', () => {
    const sent = { ...STEP, source: SOURCE, type: 'task' };
    expect(decodeConflict(deadLetter(sent))).toMatchObject({ outcome: 'conflict' });
    for (const other of [{ reason: 'invalid' }, { messageId: 'orders-api/t/A/r1' }])
      expect(decodeConflict(deadLetter(sent, other))).toBeUndefined();
  });
});
