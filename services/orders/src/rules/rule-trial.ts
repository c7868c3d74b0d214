import { setImmediate as breathe } from 'node:timers/promises';
import type { Order } from '../domain/order.js';
import { addFigures, areAlike, figuresOf, NO_FIGURES, type RuleFigures } from '../domain/rules/compare-rules.js';
import type { SourcingPlan } from '../domain/sourcing/plan-sourcing.js';
import type { SourcingRule } from '../domain/sourcing/sourcing-rule.js';
import type { OrderSurroundings, RoutedOrder } from '../order-surroundings.js';
import { ownGoodsOf } from './own-goods.js';
import type { SourcingRules } from './sourcing-rules.js';

/** Orders that customers wait for are decided in the same thread: a replay gives way to them this often. */
const SLICE_MS = 5;

export interface Tried {
  readonly inForce: RuleFigures;
  /** Per rule on trial, with the orders it would send otherwise. */
  readonly rules: readonly { readonly figures: RuleFigures; readonly differing: number }[];
}

/** What rules would make of orders on the stock of this moment. Nothing is reserved, and nothing used up in between. */
export class RuleTrial {
  constructor(
    private readonly surroundings: Pick<OrderSurroundings, 'tryRules'>,
    private readonly rules: Pick<SourcingRules, 'inForce'>,
  ) {}

  /** The rule in force first, then those on trial. */
  plansOf(order: RoutedOrder, nowMs: number, tried: readonly SourcingRule[]): SourcingPlan[] {
    const inForce = this.rules.inForce(nowMs, order.placed.channel);
    return this.surroundings.tryRules(order, nowMs, [inForce, ...tried]);
  }

  /** Each step tells how far it has come; whoever stops asking stops it. */
  async *replay(
    orders: AsyncIterable<Order>,
    tried: readonly SourcingRule[],
    nowMs: number,
    clock: () => number,
  ): AsyncGenerator<Tried> {
    let sum = nothingTried(tried.length);
    let sliceMs = clock();
    for await (const order of orders) {
      sum = addPlans(sum, this.plansOf(asIfNew(order), nowMs, tried));
      if (clock() - sliceMs < SLICE_MS) continue;
      yield sum;
      await breathe();
      sliceMs = clock();
    }
    yield sum;
  }
}

/** An order as it came: asked of all places again, with what it holds by now to choose from. */
export const asIfNew = (order: Order): RoutedOrder => ({
  placed: order.placed,
  lines: order.lines,
  refusedBy: [],
  own: ownGoodsOf(order),
});

export const nothingTried = (rules: number): Tried => ({
  inForce: NO_FIGURES,
  rules: Array.from({ length: rules }, () => ({ figures: NO_FIGURES, differing: 0 })),
});

export function addPlans({ inForce, rules }: Tried, [now, ...others]: readonly SourcingPlan[]): Tried {
  return {
    inForce: addFigures(inForce, figuresOf(now!)),
    rules: rules.map(({ figures, differing }, i) => ({
      figures: addFigures(figures, figuresOf(others[i]!)),
      differing: differing + (areAlike(now!, others[i]!) ? 0 : 1),
    })),
  };
}
