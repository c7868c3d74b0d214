import { FaultRig } from './fault-rig.ts';
import { OrderField, type OrderRunOptions } from './orders/order-field.ts';
import type { OrderResult } from './orders/order-result.ts';

export interface OrderScenario {
  readonly name: string;
  readonly what: string;
  readonly hasKills: boolean;
}

export const ordersPassed = ({ verdict, deadLetters }: Pick<OrderResult, 'verdict' | 'deadLetters'>): boolean =>
  deadLetters === 0 && Object.values(verdict).every((found) => found.length === 0);

export const ORDER_SCENARIOS: readonly OrderScenario[] = [
  {
    name: 'orders',
    what: 'mixed orders of real baskets; SIGKILL of orders, inventory, gateway, catalog and connect in turn',
    hasKills: true,
  },
  {
    name: 'orders-calm',
    what: 'the same orders, and nothing is killed',
    hasKills: false,
  },
];

/** One run of orders, from empty servers to the verdict. */
export const runOrders = (scenario: OrderScenario, options: OrderRunOptions): Promise<OrderResult> =>
  FaultRig.within<OrderResult>(
    // One broker: none is killed, and what three would cost is missing elsewhere.
    { name: scenario.name, ownServers: false, signal: options.signal, hasCatalog: true, stack: { brokers: 1 } },
    async (rig) => {
      const startedMs = Date.now();
      const field = await OrderField.open(rig, options);
      try {
        await field.run(scenario.hasKills);
        const result = await field.judge();
        return { scenario: scenario.name, seconds: Math.round((Date.now() - startedMs) / 1000), ...result };
      } finally {
        field.close();
      }
    },
    ordersPassed,
  );
