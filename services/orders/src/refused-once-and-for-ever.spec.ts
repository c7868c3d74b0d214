import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { Metrics } from '@shelfline/service-kit/metrics';
import { CartDesk } from './carts/cart-desk.js';
import { OrderDesk } from './order-desk.js';
import { OrdersMetrics } from './orders-metrics.js';
import { contentHashOf } from './read-message.js';
import { placeMessage } from './testing/placing.js';
import { TransferDesk } from './transfers/transfer-desk.js';

/**
 * Decides what it is sent as the stream does: each id once, and by what the catalog has at that moment. `lost`: ids of which
 * the reply to the first sending is lost, so that they stand in the log twice.
 */
function deskOver(catalog: Set<string>, lost: ReadonlySet<string> = new Set()) {
  const entries = new Map<string, object>();
  const sent: OrderMessage[] = [];
  const decide = (message: OrderMessage, offset: number): void => {
    const key = `${message.source}/${message.id}`;
    if (entries.has(key) || message.type !== 'place') return;
    const isKnown = message.lines.every(({ sku }) => catalog.has(sku));
    const { id, source, orderId } = message;
    const answer: Partial<OrderOutcome> = isKnown
      ? { result: 'applied', state: 'ROUTED' }
      : { result: 'refused', errors: [{ field: 'lines[0].sku', code: 'unknown_sku', detail: 'unknown' }] };
    entries.set(key, {
      contentHash: contentHashOf(message),
      answer: { id, source, orderId, version: offset, ...answer },
    });
  };
  const desk = new OrderDesk(
    {
      publish: (records: readonly { readonly value: OrderMessage }[]) => {
        const results = records.map(({ value }) => {
          const first = sent.push(value) - 1;
          decide(value, first);
          const offset = lost.has(value.id) ? sent.push(value) - 1 : first;
          return { ok: true, partition: 0, offset };
        });
        return Promise.resolve(results);
      },
    } as never,
    { expect: () => Promise.resolve(undefined) } as never,
    {
      findEntries: (ids: readonly string[]) =>
        Promise.resolve(new Map(ids.flatMap((id) => (entries.has(id) ? [[id, entries.get(id)]] : [])))),
    } as never,
    { findOrders: () => Promise.resolve(new Map()) },
    new OrdersMetrics(new Metrics('orders')),
    100,
  );
  const ask = async (message: OrderMessage) => {
    const [answer] = await desk.ask([message]);
    return answer!.kind === 'answered' ? answer!.outcome.result : answer!.kind;
  };
  return { ask, desk, sent };
}
/** Each is decided once, however often it is sent. */
const idsOf = (sent: readonly OrderMessage[]): string[] => [...new Set(sent.map(({ id }) => id))];
const order = (sku: string, orderId = 'A1') =>
  placeMessage({
    orderId,
    id: `place/${orderId}`,
    lines: [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 1 }],
  });

describe('an order that was refused', () => {
  it('could be placed under its number never more, though what it lacked had come into the catalog', async () => {
    const catalog = new Set<string>();
    const { ask, sent } = deskOver(catalog);
    expect(await ask(order('COAT'))).toBe('refused');
    expect(await ask(order('COAT'))).toBe('refused');
    catalog.add('COAT');
    expect(await ask(order('COAT'))).toBe('applied');
    for (let again = 0; again < 3; again++) expect(await ask(order('COAT'))).toBe('applied');
    expect(idsOf(sent)).toEqual(['place/A1', 'place:2/A1', 'place:3/A1']);
  });
  it('was said to stand when it was sent again, corrected', async () => {
    const { ask, sent } = deskOver(new Set(['HAT']));
    expect(await ask(order('COAT'))).toBe('refused');
    expect(await ask(order('HAT'))).toBe('applied');
    // Now there is an order of that number, and it stands.
    expect(await ask(order('COAT'))).toBe('conflict');
    expect(await ask(order('HAT'))).toBe('applied');
    expect(idsOf(sent)).toEqual(['place/A1', 'place:2/A1']);
  });
  it('is tried again beside others that are new', async () => {
    const { desk, ask } = deskOver(new Set(['HAT']));
    await ask(order('COAT'));
    const answers = await desk.ask([order('HAT'), order('HAT', 'B2'), order('COAT', 'C3')]);
    expect(answers.map((one) => one.kind === 'answered' && one.outcome.result)).toEqual([
      'applied',
      'applied',
      'refused',
    ]);
  });
  it('is tried once more where it stood in the log twice, and its asker hears of the last try alone', async () => {
    const catalog = new Set<string>();
    const { ask, sent } = deskOver(catalog, new Set(['place/A1', 'place/B2']));
    expect(await ask(order('COAT'))).toBe('refused');
    expect(sent.map(({ id }) => id)).toEqual(['place/A1', 'place/A1', 'place:2/A1']);
    catalog.add('COAT');
    expect(await ask(order('COAT', 'B2'))).toBe('applied');
    expect(idsOf(sent)).toEqual(['place/A1', 'place:2/A1', 'place/B2']);
  });
  it('is decided thirty times at most: after that the refusal stands', async () => {
    const catalog = new Set<string>();
    const { ask, sent } = deskOver(catalog);
    for (let tries = 0; tries < 40; tries++) expect(await ask(order('COAT'))).toBe('refused');
    expect(idsOf(sent)).toHaveLength(30);
  });
});

/** Each id is decided once, by what its message says. */
function topicOf<M extends { readonly id: string; readonly source: string }>(isTaken: (message: M) => boolean) {
  const entries = new Map<string, object>();
  const sent: M[] = [];
  const publisher = {
    publish: ([record]: readonly { readonly value: M }[]) => {
      const { value } = record!;
      sent.push(value);
      const answer = { version: 1, result: isTaken(value) ? 'applied' : 'refused', errors: [] };
      entries.set(`${value.source}/${value.id}`, { contentHash: contentHashOf(value), answer });
      return Promise.resolve([{ ok: true }]);
    },
  };
  const findEntries = (ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, entries.get(id)])));
  const tail = { expect: () => Promise.resolve(undefined) };
  return { publisher: publisher as never, tail: tail as never, store: { findEntries } as never, sent };
}

it('a transfer to a place that was not there could be asked for under its name never more', async () => {
  const { publisher, tail, store, sent } = topicOf<{ id: string; source: string; to: string }>(
    ({ to }) => to === 'shop',
  );
  const desk = new TransferDesk(publisher, tail, store, 1);
  const request = (to: string) =>
    desk.ask({ type: 'request', id: 'request/t', source: 'transfers-api', transferId: 't', from: 'dc', to } as never);
  await expect(request('nowhere')).rejects.toMatchObject({ status: 422 });
  await expect(request('shop')).resolves.toMatchObject({ result: 'applied' });
  await expect(request('shop')).resolves.toMatchObject({ result: 'applied' });
  await expect(request('dc-2')).rejects.toMatchObject({ status: 409, slug: 'conflict' });
  expect(sent.map(({ id }) => id)).toEqual(['request/t', 'request:2/t']);
});

it('an order of more than the cart held could not be made of what it held', async () => {
  const { publisher, tail, store, sent } = topicOf<{ id: string; source: string; units: number }>(
    ({ units }) => units <= 3,
  );
  const carts = { findCart: () => Promise.resolve(undefined) };
  const orderAnswers = { findAnswer: () => Promise.resolve(undefined) };
  const desk = new CartDesk(publisher, tail, { entries: store, carts, orderAnswers }, 1);
  const orderOf = (units: number, type = 'cart_order') =>
    desk.ask({ type, id: 'order/o-1', source: 'carts-api', memberId: 'm', units } as never);
  await expect(orderOf(9)).rejects.toMatchObject({ status: 422 });
  await expect(orderOf(3)).resolves.toMatchObject({ result: 'applied' });
  expect(sent.map(({ id }) => id)).toEqual(['order/o-1', 'order:2/o-1']);
});
