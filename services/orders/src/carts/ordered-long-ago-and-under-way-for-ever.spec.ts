import { expect, it } from '@jest/globals';
import type { CartOutcome, OrderCart } from '@shelfline/contracts/cart';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { MOST_ORDERS } from '../domain/carts/cart.js';
import { expireCart } from '../domain/carts/decide-cart.js';
import { contentHashOf } from '../read-message.js';
import { adding, becoming, CartScene, ordering } from '../testing/cart-cases.js';
import { CartDesk } from './cart-desk.js';
import { toldOrder } from './cart-outputs.js';

type Became = Pick<OrderOutcome, 'result' | 'state'>;

/** Orders take what a cart asks for at first, and say what became of it afterwards. */
function shop(became: Became) {
  const scene = new CartScene().when(adding({ A: 9 }));
  const entries = new Map<string, object>();
  const answers: OrderOutcome[] = [];
  const decide = (message: OrderCart): void => {
    const { memberId, id, source, order } = message;
    scene.when(message);
    const { placed, version } = scene;
    const answer: CartOutcome = {
      id,
      source,
      memberId,
      version,
      result: 'applied',
      order: toldOrder(scene.cart!.orders.at(-1)!),
    };
    entries.set(`${source}/${id}`, { contentHash: contentHashOf(message), answer });
    const told = { id: placed!.id, source: placed!.source, orderId: order.orderId, version };
    answers.push({ ...told, result: 'applied', state: 'RESERVING' }, { ...told, ...became });
    const { result, state } = became;
    scene.when(becoming(placed!.id, { result, ...(state ? { state } : {}), orderId: order.orderId }));
  };
  const desk = new CartDesk(
    {
      publish: ([record]: readonly { readonly value: OrderCart }[]) => {
        decide(record!.value);
        return Promise.resolve([{ ok: true }]);
      },
    } as never,
    { expect: () => Promise.resolve(undefined) } as never,
    {
      entries: {
        findEntries: (ids: readonly string[]) =>
          Promise.resolve(new Map(ids.flatMap((id) => (entries.has(id) ? [[id, entries.get(id)]] : [])))),
      } as never,
      carts: { findCart: () => Promise.resolve(scene.cart) },
      orderAnswers: {
        findAnswer: (orderId, isWanted) =>
          Promise.resolve(answers.filter((one) => one.orderId === orderId).find(isWanted)),
      },
    },
    1,
  );
  const ask = async (orderId: string) => (await desk.ask(ordering({ A: 1 }, orderId))).order?.result;
  return { ask, scene };
}

const ORDERED: Became = { result: 'applied', state: 'ROUTED' };
it.each([
  ['ordered', ORDERED],
  ['out_of_stock', { result: 'applied', state: 'CANCELLED' }],
] as const)('an order that was %s was under way for ever, once its cart had forgotten it', async (result, became) => {
  const { ask, scene } = shop(became);
  expect(await ask('o-1')).toBe(result);
  for (let other = 2; other <= MOST_ORDERS + 1; other++) await ask(`o-${other}`);
  expect(scene.cart!.orders.map(({ orderId }) => orderId)).not.toContain('o-1');
  expect(await ask('o-1')).toBe(result);
});
it('and once its cart had expired, whose orders go with it', async () => {
  const { ask, scene } = shop(ORDERED);
  await ask('o-1');
  scene.cart = expireCart(scene.cart!, scene.context());
  expect(await ask('o-1')).toBe('ordered');
});
