import { describe, expect, it } from '@jest/globals';
import { EventId } from '@shelfline/contracts/identifiers';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import { Metrics } from '@shelfline/service-kit/metrics';
import fc from 'fast-check';
import { OrderDesk } from './order-desk.js';
import { OrdersMetrics } from './orders-metrics.js';
import { contentHashOf } from './read-message.js';
import { holding } from './testing/order-cases.js';
import { TransferDesk } from './transfers/transfer-desk.js';
import { formerlyTriedAs, kindIn, MOST_TRIES, triedAs } from './tries.js';

type Entries = Map<string, { readonly contentHash: string; readonly answer: object }>;
type Said = { readonly id: string; readonly source: string };

function answer(entries: Entries, message: Said, result: 'applied' | 'refused', version = 0): void {
  const { id, source } = message;
  const said = { id, source, orderId: 'O', version, result, state: 'HELD', errors: [] };
  entries.set(`${source}/${id}`, { contentHash: contentHashOf(message), answer: said });
}

/** Baskets of one order: too many pieces are refused; each id is decided once. */
function shop() {
  const entries: Entries = new Map();
  const decided: string[] = [];
  let offset = 0;
  const decide = (message: OrderMessage) => {
    if (entries.has(`${message.source}/${message.id}`)) return;
    decided.push(message.id);
    const units = 'lines' in message ? (message.lines as readonly { quantity: number }[])[0]!.quantity : 0;
    answer(entries, message, units > 3 ? 'refused' : 'applied', offset);
  };
  const publisher = {
    publish: (records: readonly { readonly value: OrderMessage }[]) =>
      Promise.resolve(
        records.map(({ value }) => {
          offset++;
          decide(value);
          return { ok: true, partition: 0, offset };
        }),
      ),
  };
  const findEntries = (ids: readonly string[]) =>
    Promise.resolve(new Map(ids.flatMap((id) => (entries.has(id) ? [[id, entries.get(id)!] as const] : []))));
  const tail = { expect: () => Promise.resolve(undefined) };
  const orders = { findOrders: () => Promise.resolve(new Map()) };
  const metrics = new OrdersMetrics(new Metrics('orders'));
  const desk = new OrderDesk(publisher as never, tail as never, { findEntries } as never, orders, metrics, 1);
  const named = (name: string, units: number) => holding({ A: units }, { orderId: 'O', id: `hold/O/${name}` });
  const ask = async (name: string, units: number) => {
    const [said] = await desk.ask([named(name, units)]);
    return said!.kind === 'answered' ? said!.outcome.result : said!.kind;
  };
  return { ask, entries, findEntries, named, decided, tail };
}

describe('a request that is named as another one’s try would be', () => {
  it('was a conflict with that try, though nobody had sent it before', async () => {
    const { ask, decided } = shop();
    expect(await ask('a', 9)).toBe('refused');
    expect(await ask('a', 2)).toBe('applied');
    expect(await ask('a/2', 1)).toBe('applied');
    expect(await ask('a', 2)).toBe('applied');
    expect(await ask('a/2', 2)).toBe('conflict');
    expect(decided).toEqual(['hold/O/a', 'hold:2/O/a', 'hold/O/a/2']);
  });
  it('kept the other one from being tried again', async () => {
    const { ask } = shop();
    expect(await ask('a/2', 1)).toBe('applied');
    expect(await ask('a', 9)).toBe('refused');
    expect(await ask('a', 2)).toBe('applied');
  });
});

describe('a try that a former version numbered', () => {
  it('is answered again, and not decided a second time', async () => {
    const { ask, entries, named, decided } = shop();
    answer(entries, named('a', 9), 'refused');
    answer(entries, formerlyTriedAs(named('a', 2), 2), 'applied');
    expect(await ask('a', 2)).toBe('applied');
    expect(decided).toEqual([]);
  });
  it('that was refused too may be tried again', async () => {
    const { ask, entries, named, decided } = shop();
    answer(entries, named('a', 9), 'refused');
    answer(entries, formerlyTriedAs(named('a', 2), 2), 'refused');
    expect(await ask('a', 2)).toBe('applied');
    expect(decided).toEqual(['hold:2/O/a']);
  });
  it('is found where transfers are asked, too', async () => {
    const { entries, findEntries, tail } = shop();
    const said = { type: 'request', id: 'request/t', source: 'transfers-api', transferId: 't', from: 'dc', to: 'shop' };
    answer(entries, { ...said, to: 'nowhere' } as Said, 'refused');
    answer(entries, formerlyTriedAs(said, 2), 'applied');
    const publisher = { publish: () => Promise.reject(new Error('it was sent again')) };
    const desk = new TransferDesk(publisher as never, tail as never, { findEntries } as never, 1);
    await expect(desk.ask(said as never)).resolves.toMatchObject({ result: 'applied' });
  });
});

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => text.length <= 40 && EventId.safeParse(text).success);
const request = fc
  .tuple(
    fc.constantFrom('place', 'hold', 'order', 'request', 'return_requested'),
    fc.array(name, { minLength: 1, maxLength: 2 }),
  )
  .map(([kind, names]) => ({ id: [kind, ...names].join('/') }));
const tries = fc.integer({ min: 1, max: MOST_TRIES });

it('no two tries of two requests share an id, whatever they are named, and each is an id', () => {
  fc.assert(
    fc.property(request, request, tries, tries, (one, other, n, m) => {
      const [id, otherId] = [triedAs(one, n).id, triedAs(other, m).id];
      expect(id === otherId).toBe(one.id === other.id && n === m);
      expect(kindIn(id)).toBe(kindIn(one.id));
      expect(EventId.safeParse(id).success).toBe(EventId.safeParse(one.id).success);
    }),
  );
});
