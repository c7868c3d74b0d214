import type { OrderMessage } from '@shelfline/contracts/order-message';
import { ReturnMessage, type ReturnRules } from '@shelfline/contracts/return';
import type { OrderContext } from '../domain/decision.js';
import { DEFAULT_RETURN_RULES } from '../domain/returns/return-money.js';
import { doing, ORDER_ID, placing } from './order-cases.js';
import { OrderScene } from './order-scene.js';

type Counted = Readonly<Record<string, number>>;
let serial = 0;
/** As it is read off the topic; each is another message unless it has an id of its own. */
export const saying = (
  message: { readonly type: string; readonly id?: string } & Record<string, unknown>,
): OrderMessage =>
  ReturnMessage.parse({
    id: `${message.type}/${++serial}`,
    source: 'shop',
    orderId: ORDER_ID,
    returnId: 'r1',
    by: 'ann',
    ...message,
  });
const lines = (units: Counted, more: object = {}) =>
  Object.entries(units).map(([sku, count]) => ({ lineId: `line-${sku}`, units: count, ...more }));

export const asking = (units: Counted, over: object = {}) =>
  saying({ type: 'return_requested', lines: lines(units), ...over });
export const receiving = (units: Counted, store = 'shop-2', over: object = {}) =>
  saying({ type: 'return_received', store, lines: lines(units), ...over });
export const inspecting = (units: Counted, condition = 'as_new', over: object = {}) =>
  saying({ type: 'return_inspected', store: 'shop-2', lines: lines(units, { condition }), ...over });
export const disposing = (units: Counted, to = 'restock', over: object = {}) =>
  saying({ type: 'return_disposed', store: 'shop-2', lines: lines(units, { to, ...over }) });

export class ReturnScene extends OrderScene {
  rules: Partial<ReturnRules> = {};
  override context(): OrderContext {
    return { ...super.context(), returnRules: { ...DEFAULT_RETURN_RULES, ...this.rules } };
  }
}

/** An order of which all has left `dc` by courier. */
export function shipped(units: Counted = { A: 3 }, over: Parameters<typeof placing>[1] = {}): ReturnScene {
  const stock = Object.fromEntries(Object.entries(units).map(([sku, count]) => [sku, { dc: count }]));
  const scene = new ReturnScene(stock);
  const steps = (['accept', 'pick', 'pack', 'ship'] as const).map((action) => doing(action, { store: 'dc' }));
  scene.when(placing(units, over), ...steps);
  return scene;
}
