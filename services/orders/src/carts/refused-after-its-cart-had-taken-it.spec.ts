import { describe, expect, it } from '@jest/globals';
import type { CartOutcome, OrderCart } from '@shelfline/contracts/cart';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import type { MemberCart } from '../domain/carts/cart.js';
import { contentHashOf } from '../read-message.js';
import { adding, becoming, CartScene, ordering } from '../testing/cart-cases.js';
import { CartDesk } from './cart-desk.js';
import { toldOrder } from './cart-outputs.js';

const UNKNOWN_STORE = [{ field: 'store', code: 'unknown_store', detail: 'no store closed' }];

/** A cart that says yes to what it holds, and orders beside it that refuse what is to be had from a store that is closed. */
function shop() {
  const scene = new CartScene().when(adding({ A: 3 }));
  const entries = new Map<string, object>();
  const answers = new Map<string, OrderOutcome[]>();
  const sent: string[] = [];
  /** Decided under the same name before what is sent next. */
  const ahead: OrderCart[] = [];
  const decide = (message: OrderCart): void => {
    const key = `${message.source}/${message.id}`;
    if (entries.has(key)) return;
    scene.when(message);
    const { memberId, id, source, order } = message;
    const { placed, version } = scene;
    const base = { id, source, memberId, version };
    const answer: CartOutcome = placed
      ? { ...base, result: 'applied', order: toldOrder(scene.cart!.orders.at(-1)!) }
      : { ...base, result: 'refused' };
    entries.set(key, { contentHash: contentHashOf(message), answer });
    if (!placed) return;
    const became =
      order.store === 'closed'
        ? ({ result: 'refused', errors: UNKNOWN_STORE } as const)
        : ({ result: 'applied' } as const);
    const told = { id: placed.id, source: placed.source, orderId: order.orderId, version, ...became };
    answers.set(order.orderId, [...(answers.get(order.orderId) ?? []), told]);
    scene.when(becoming(placed.id, { ...became, orderId: order.orderId }));
  };
  const findIn = (found: Map<string, object>) => (ids: readonly string[]) =>
    Promise.resolve(new Map(ids.flatMap((id) => (found.has(id) ? [[id, found.get(id)]] : []))));
  const desk = new CartDesk(
    {
      publish: ([record]: readonly { readonly value: OrderCart }[]) => {
        sent.push(record!.value.id);
        for (const message of [...ahead.splice(0), record!.value]) decide(message);
        return Promise.resolve([{ ok: true }]);
      },
    } as never,
    { expect: () => Promise.resolve(undefined) } as never,
    {
      entries: { findEntries: findIn(entries) } as never,
      carts: { findCart: () => Promise.resolve<MemberCart | undefined>(scene.cart) },
      orderAnswers: { findAnswer: (orderId, isWanted) => Promise.resolve(answers.get(orderId)?.find(isWanted)) },
    },
    1,
  );
  const ask = async (units: number, store: string, orderId = 'o-1') => {
    const { order, ...rest } = ordering({ A: units }, orderId);
    return (await desk.ask({ ...rest, order: { ...order, store } })).order;
  };
  return { ahead, ask, scene, sent };
}

describe('an order that was refused after its cart had taken it', () => {
  it('was refused for ever as it was, and said to stand when it was corrected', async () => {
    const { ask, scene, sent } = shop();
    expect(await ask(2, 'closed')).toMatchObject({ result: 'refused', errors: UNKNOWN_STORE });
    expect(await ask(2, 'closed')).toMatchObject({ result: 'refused' });
    expect(scene.units).toEqual({ A: 3 });
    expect(await ask(2, 'open')).toMatchObject({ result: 'ordered' });
    expect(sent).toEqual(['order/o-1', 'order:2/o-1', 'order:3/o-1']);
    // Now there is such an order: it is answered again, and nothing else is ordered under its name.
    expect(await ask(2, 'open')).toMatchObject({ result: 'ordered' });
    await expect(ask(1, 'open')).rejects.toMatchObject({ status: 409, slug: 'conflict' });
    expect(sent).toHaveLength(3);
    expect(scene.units).toEqual({ A: 1 });
  });

  it('may be tried more often than its cart remembers orders', async () => {
    const { ask, scene, sent } = shop();
    for (let tries = 0; tries < 8; tries++) expect(await ask(1, 'closed')).toMatchObject({ result: 'refused' });
    expect(scene.cart!.orders.length).toBeLessThan(8);
    expect(await ask(1, 'open')).toMatchObject({ result: 'ordered' });
    expect(sent).toHaveLength(9);
  });

  it('and sent by two at once, corrected in two ways, told the later one that the first one stands', async () => {
    const { ahead, ask, sent } = shop();
    await ask(1, 'closed');
    const { order, ...rest } = ordering({ A: 2 });
    ahead.push({ ...rest, id: 'order:2/o-1', order: { ...order, store: 'closed' } });
    await expect(ask(1, 'open')).rejects.toMatchObject({
      slug: 'conflict',
      detail: expect.stringMatching(/that was refused; nothing was changed\. Send yours again/u),
    });
    expect(await ask(1, 'open')).toMatchObject({ result: 'ordered' });
    expect(sent).toEqual(['order/o-1', 'order:2/o-1', 'order:3/o-1']);
  });
});
