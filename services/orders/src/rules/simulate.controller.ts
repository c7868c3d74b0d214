import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import type { RuleDraft } from '@shelfline/contracts/sourcing-rule';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { type ProblemError, problem, toProblem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import { sayComparison } from '../domain/rules/compare-rules.js';
import { ruleOf, storedRule } from '../domain/rules/decide-rule.js';
import { checkRule } from '../domain/sourcing/check-rule.js';
import type { SourcingPlan } from '../domain/sourcing/plan-sourcing.js';
import { sayRouting } from '../domain/sourcing/say-routing.js';
import { type SourcingRule, TRIED_VERSION } from '../domain/sourcing/sourcing-rule.js';
import type { Language } from '../domain/sourcing/sourcing-terms.js';
import { pathsOf, sayNote } from '../order-problems.js';
import { OrderSurroundings, type RoutedOrder } from '../order-surroundings.js';
import { OrdersRepository } from '../orders.repository.js';
import { readOrder } from '../place-orders.js';
import { PromisableStock } from '../promisable-stock.js';
import { addPlans, asIfNew, nothingTried, RuleTrial, type Tried } from './rule-trial.js';
import { LanguageQuery, ReplayBody, SimulateAnswer, SimulateBody } from './simulate-bodies.js';
import { SourcingRules } from './sourcing-rules.js';

const LINES = 'application/x-ndjson';
const TELL_EVERY_MS = 1000;

interface NamedOrder extends RoutedOrder {
  readonly orderId: string;
}

/** What a rule would do before it is switched on: today's stock, nothing reserved, nothing stored. */
@ApiTags('routing')
@Controller('api/orders/routing/simulate')
@Roles()
export class SimulateController {
  private readonly trial: RuleTrial;

  constructor(
    @Inject(OrderSurroundings) surroundings: OrderSurroundings,
    @Inject(SourcingRules) rules: SourcingRules,
    @Inject(OrdersRepository) private readonly repository: OrdersRepository,
    @Inject(PromisableStock) private readonly stock: PromisableStock,
  ) {
    this.trial = new RuleTrial(surroundings, rules);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Where orders would go by a rule that is not saved, and by the one in force; in words and figures',
  })
  @ApiOkResponse({ standardSchema: SimulateAnswer })
  async simulate(
    @Body({ schema: SimulateBody }) { rule, orders, orderIds, language: said }: z.infer<typeof SimulateBody>,
    @Query({ schema: LanguageQuery }) { language = said }: z.infer<typeof LanguageQuery>,
  ): Promise<z.infer<typeof SimulateAnswer>> {
    const nowMs = Date.now();
    const tried = triedRule(rule, 'rule', nowMs);
    const wanted = orders ? this.readOrders(orders) : await this.findOrders(orderIds!);
    let sum = nothingTried(1);
    const items = wanted.map((order) => {
      const plans = this.trial.plansOf(order, nowMs, [tried]);
      const { rules: before } = sum;
      sum = addPlans(sum, plans);
      const isDifferent = sum.rules[0]!.differing > before[0]!.differing;
      const [inForce, other] = plans.map((plan) => this.viewOf(plan, language));
      return { orderId: order.orderId, isDifferent, inForce: inForce!, tried: other! };
    });
    const [{ figures, differing }] = sum.rules as [Tried['rules'][number]];
    const words = sayComparison(sum.inForce, figures, differing, language);
    return { words, inForce: sum.inForce, tried: figures, differing, orders: items };
  }

  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What rules would have made of past orders on the stock of now, each order by itself',
    description:
      'A line of progress every second (`{"type":"progress", …}`), the report as the last one (`{"type":"report", …}`), ' +
      'or `{"type":"problem", …}`. Closing the connection ends it.',
  })
  @ApiProduces(LINES)
  replay(
    @Body({ schema: ReplayBody }) body: z.infer<typeof ReplayBody>,
    @Query({ schema: LanguageQuery }) { language = body.language }: z.infer<typeof LanguageQuery>,
  ): StreamableFile {
    const nowMs = Date.now();
    const tried = body.rules.map((rule, i) => triedRule(rule, `rules[${i}]`, nowMs));
    return new StreamableFile(Readable.from(this.lines({ ...body, language }, tried, nowMs)), { type: LINES });
  }

  private async *lines(
    { from, to, channel, mostOrders, language }: z.infer<typeof ReplayBody>,
    tried: readonly SourcingRule[],
    nowMs: number,
  ): AsyncGenerator<string> {
    let last = nothingTried(tried.length);
    let toldMs = performance.now();
    yield line({ type: 'progress', orders: 0 });
    try {
      const orders = this.repository.placedBetween(Date.parse(from), Date.parse(to), mostOrders, channel);
      for await (last of this.trial.replay(orders, tried, nowMs, () => performance.now())) {
        if (performance.now() - toldMs < TELL_EVERY_MS) continue;
        toldMs = performance.now();
        yield line({ type: 'progress', orders: last.inForce.orders });
      }
    } catch (error) {
      yield line({ type: 'problem', problem: toProblem(error) });
      return;
    }
    yield line(reportOf(last, mostOrders, language));
  }

  private viewOf(plan: SourcingPlan, language: Language) {
    const { explanation } = plan;
    return {
      ruleVersion: explanation.ruleVersion,
      locations: plan.kind === 'planned' ? plan.shares.map(({ location }) => location) : [],
      words: sayRouting(explanation, language, (code) => this.stock.nameOf(code, language)),
      figures: { ...explanation },
    };
  }

  private readOrders(orders: readonly unknown[]): NamedOrder[] {
    const errors: FieldNote[] = [];
    const read = orders.flatMap((order, i): NamedOrder[] => {
      const one = readOrder(order);
      if (!one.ok) {
        errors.push(...one.errors.map(({ field, ...note }) => ({ ...note, field: `orders[${i}].${field}` })));
        return [];
      }
      const { orderId, lines } = one.message;
      errors.push(...this.unknownIn(one.message, `orders[${i}]`));
      return [{ orderId, placed: one.message, lines, refusedBy: [] }];
    });
    if (errors.length > 0) throw amiss('Some orders cannot be tried', errors);
    return read;
  }

  private unknownIn(
    { channel, lines }: { readonly channel: string; readonly lines: readonly { readonly sku: string }[] },
    field: string,
  ): FieldNote[] {
    const unsold = lines.flatMap(({ sku }, i) =>
      this.stock.sells(sku)
        ? []
        : [{ field: `${field}.lines[${i}].sku`, code: 'unknown_sku', detail: `the catalog sells no product ${sku}` }],
    );
    if (this.stock.findChannel(channel)?.active) return unsold;
    return [
      { field: `${field}.channel`, code: 'unknown_channel', detail: `no channel ${channel} sells now` },
      ...unsold,
    ];
  }

  private async findOrders(orderIds: readonly string[]): Promise<NamedOrder[]> {
    const found = await this.repository.findOrders(orderIds);
    const missing = orderIds.flatMap((id, i) =>
      found.has(id)
        ? []
        : [{ field: `orderIds[${i}]`, code: 'unknown_order', detail: `no order ${id} was placed here` }],
    );
    if (missing.length > 0) throw amiss('Some orders cannot be tried', missing);
    return [...found.values()].map((order) => ({ orderId: order.orderId, ...asIfNew(order) }));
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

const reportOf = ({ inForce, rules }: Tried, mostOrders: number, language: Language) => ({
  type: 'report',
  orders: inForce.orders,
  isCut: inForce.orders === mostOrders,
  inForce,
  rules: rules.map(({ figures, differing }) => ({
    words: sayComparison(inForce, figures, differing, language),
    figures,
    differing,
  })),
});

function triedRule(draft: RuleDraft, field: string, nowMs: number): SourcingRule {
  const rule = { ...ruleOf(storedRule(1, draft, '', nowMs)), version: TRIED_VERSION };
  // When it would apply is of no account here.
  const problems = checkRule({ ...rule, validFromMs: 0, validUntilMs: null });
  if (problems.length === 0) return rule;
  const errors = problems.map((one) => ({ field: `${field}.${one.field}`, code: 'invalid', detail: one.detail }));
  throw amiss('The rule cannot be tried as it is', errors);
}

const amiss = (title: string, errors: readonly FieldNote[]): ProblemError =>
  problem(422, 'not-simulated', title, `${errors.map(sayNote).join('; ')}. Nothing was changed.`, {
    errors: pathsOf(errors),
  });
