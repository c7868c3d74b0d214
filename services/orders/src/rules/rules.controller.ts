import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RuleDraft, type RuleOutcome, type StoredRule } from '@shelfline/contracts/sourcing-rule';
import { DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import { pathsOf, sayNote } from '../order-problems.js';
import { PromisableStock } from '../promisable-stock.js';
import { RuleDesk } from './rule-desk.js';
import { InForceQuery, RULE_SCHEMA, RuleInForce, RulesPage, RulesQuery, RuleTaken } from './rule-views.js';
import { RulesRepository } from './rules.repository.js';
import { SourcingRules } from './sourcing-rules.js';

/** The rules by which places are chosen. Of the operations team alone: a rule moves every order there is. */
@ApiTags('routing')
@Controller('api/orders/routing/rules')
@Roles()
export class RulesController {
  constructor(
    @Inject(RuleDesk) private readonly desk: RuleDesk,
    @Inject(RulesRepository) private readonly repository: RulesRepository,
    @Inject(SourcingRules) private readonly rules: SourcingRules,
    @Inject(PromisableStock) private readonly stock: PromisableStock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Versions of the sourcing rules, newest first: who wrote them, when, and from when they apply',
  })
  @ApiOkResponse({ standardSchema: RulesPage })
  async list(
    @Query({ schema: RulesQuery }) { limit, cursor }: z.infer<typeof RulesQuery>,
  ): Promise<z.infer<typeof RulesPage>> {
    const found = await this.repository.list(limit + 1, cursor);
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? String(items.at(-1)!.version) : null };
  }

  @Get('in-force')
  @ApiOperation({ summary: 'The rule that decides about a channel’s orders at a moment' })
  @ApiOkResponse({ standardSchema: RuleInForce })
  inForce(@Query({ schema: InForceQuery }) { channel, at }: z.infer<typeof InForceQuery>): z.infer<typeof RuleInForce> {
    const atMs = at === undefined ? Date.now() : Date.parse(at);
    const { validFromMs, validUntilMs, filters, sorters, limits, ...rule } = this.rules.inForce(
      atMs,
      channel ?? DEFAULT_CHANNEL,
    );
    return {
      ...rule,
      validFrom: new Date(validFromMs).toISOString(),
      validUntil: validUntilMs === null ? null : new Date(validUntilMs).toISOString(),
      filters: filters.map((filter) => ({ ...filter })),
      sorters: sorters.map((sorter) => ({ ...sorter })),
      limits: { ...limits },
    };
  }

  @Get(':version')
  @ApiOperation({ summary: 'One version of the sourcing rules' })
  async get(@Param('version') version: string): Promise<StoredRule> {
    const number = numberOf(version);
    const found = (await this.repository.findRules([number])).get(number);
    if (found) return found.rule;
    throw problem(
      404,
      'unknown-rule',
      'There is no such version of the rules',
      `No version ${number} was written. Look at /api/orders/routing/rules for those there are.`,
    );
  }

  @Put(':version')
  @ApiOperation({
    summary:
      'Writes the next version of the sourcing rules; the same again changes nothing, and no version is ever changed',
  })
  @ApiBody({ schema: RULE_SCHEMA })
  @ApiOkResponse({ standardSchema: RuleTaken })
  async put(
    @Param('version') version: string,
    @Body({ schema: RuleDraft }) draft: RuleDraft,
    @CurrentPrincipal() { sub }: Principal,
  ): Promise<z.infer<typeof RuleTaken>> {
    const number = numberOf(version);
    if (draft.channel !== undefined && !this.stock.findChannel(draft.channel)) throw unknownChannel(draft.channel);
    const outcome = await this.desk.put(number, draft, sub.slice(0, 200));
    if (typeof outcome === 'string') throw notAnswered(number);
    if (outcome.result === 'refused') throw refusedRule(outcome);
    return { result: outcome.result, rule: await this.get(version) };
  }
}

const MOST_VERSIONS = 1_000_000;
function numberOf(version: string): number {
  const number = /^\d{1,7}$/.test(version) ? Number(version) : 0;
  if (number >= 1 && number <= MOST_VERSIONS) return number;
  throw problem(
    400,
    'invalid',
    'Versions are whole numbers from 1',
    'The next one is one more than the newest at /api/orders/routing/rules. Nothing was changed.',
  );
}

const unknownChannel = (channel: string): ProblemError =>
  problem(
    422,
    'rule-refused',
    'The rule cannot be taken as it is',
    `The catalog has no channel ${channel}, so the rule would never apply. Add it to the catalog, or correct the rule. Nothing was changed.`,
    { errors: [{ path: 'channel', code: 'unknown_channel', message: `the catalog has no channel ${channel}` }] },
  );

const notAnswered = (version: number): ProblemError =>
  problem(
    503,
    'unavailable',
    'It is not known whether the rule was taken',
    `It may be yet. Send it again just as it is, or look at /api/orders/routing/rules/${version}: it has its effect once.`,
  );

function refusedRule({ errors = [] }: RuleOutcome): ProblemError {
  const isConflict = errors[0]?.code === 'version_conflict';
  const said = errors.map(sayNote).join('; ');
  return problem(
    isConflict ? 409 : 422,
    isConflict ? 'version-conflict' : 'rule-refused',
    isConflict ? 'The rules have another newest version' : 'The rule cannot be taken as it is',
    `${said}. Nothing was changed.`,
    { errors: pathsOf(errors) },
  );
}
