import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SentDelta } from '@shelfline/contracts/stock-delta';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { z } from 'zod';
import type { ConnectMetrics } from './connect-metrics.js';
import { DeltaIntake, type DeltasAnswer } from './delta-intake.js';
import { REJECTION_TYPES } from './domain/delta-rejection.js';
import { CONNECT_METRICS } from './tokens.js';

export const MAX_ITEMS = 5000;
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

const DeltasAnswerBody: z.ZodType<DeltasAnswer> = z.object({
  accepted: z.int(),
  rejected: z.array(
    z.object({
      index: z.int().describe('Position in the request, from 0'),
      id: z.string().nullable().describe('The item’s own id, when it has one that can be shown'),
      type: z.enum(REJECTION_TYPES),
      title: z.string(),
      detail: z.string(),
    }),
  ),
  unreadFields: z
    .array(
      z.object({
        field: z.string(),
        items: z.int().describe('How many of the accepted items have it'),
        meant: z.string().optional().describe('The field that was probably meant'),
      }),
    )
    .optional()
    .describe(
      'Fields of accepted items that deltas of their type do not have: kept with the movement, without effect. The first twenty; absent where there are none',
    ),
});

/** As the topic has it: the same definition as the JSON Schemas of contracts. */
const { $schema: _, ...SENT_DELTA } = z.toJSONSchema(SentDelta, { io: 'input', unrepresentable: 'any' });

/**
 * Facts about stock from tills, warehouses and back offices. What is answered as accepted is with all in-sync replicas
 * of `inventory.deltas`; sending anything again with the same source and id is harmless.
 */
@ApiTags('deltas')
@Controller('api/inventory/deltas')
export class DeltasController {
  constructor(
    @Inject(DeltaIntake) private readonly intake: DeltaIntake,
    @Inject(CONNECT_METRICS) private readonly metrics: ConnectMetrics,
  ) {}

  @Post()
  @HttpCode(202)
  @Roles('integrator', 'ops')
  @ApiOperation({ summary: 'Send facts about stock: sales, receipts, returns, counts …' })
  @ApiBody({
    schema: {
      type: 'array',
      maxItems: MAX_ITEMS,
      items: SENT_DELTA as object,
      example: [
        {
          id: '31198570044-1095275-1',
          source: 'pos-330',
          type: 'sale',
          sku: '1095275',
          location: 'store-330',
          quantity: 1,
          occurredAt: '2017-01-01T11:53:26Z',
        },
      ],
    },
  })
  @ApiAcceptedResponse({
    standardSchema: DeltasAnswerBody,
    description: 'How many were taken, and each that was not, with its reason',
  })
  async receive(@Body() items: unknown): Promise<DeltasAnswer> {
    if (!Array.isArray(items))
      throw problem(
        400,
        'not-a-list',
        'A list is expected',
        'The body must be a JSON array of deltas, also for a single one. Nothing was taken.',
      );
    if (items.length > MAX_ITEMS)
      throw problem(
        422,
        'too-many-items',
        'Too many items at once',
        `The list has ${items.length} items; at most ${MAX_ITEMS} are taken at once. Nothing was taken; send fewer.`,
      );
    const answer = await this.intake.take(items);
    this.count(items.length, answer);
    return answer;
  }

  private count(items: number, { accepted, rejected }: DeltasAnswer): void {
    this.metrics.requestItems.observe(items);
    this.metrics.deltas.inc({ result: 'accepted' }, accepted);
    for (const { type } of rejected) this.metrics.deltas.inc({ result: type });
  }
}
