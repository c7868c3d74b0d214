import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChannelCode, Instant, LocationCode, ReservationId, Sku } from '@shelfline/contracts/identifiers';
import { ReservationMode } from '@shelfline/contracts/stock-delta';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { z } from 'zod';
import { LedgerClient } from './ledger-client.js';
import { type LineResult, releaseLines, reserveLines } from './reservations.js';
import { StockQueries } from './stock-queries.repository.js';

const Line = z
  .object({
    sku: Sku,
    quantity: z.int().min(1).max(1_000_000),
    locations: z.array(LocationCode).min(1).max(500).optional(),
    channel: ChannelCode.optional(),
  })
  .refine(({ locations, channel }) => locations === undefined || channel === undefined, {
    error: 'must name locations or a channel, not both',
  });
const ReservationBody = z
  .object({
    id: ReservationId,
    lines: z.array(Line).min(1).max(100),
    mode: ReservationMode.default('all_or_nothing'),
    expiresAt: Instant,
  })
  .refine(({ lines }) => new Set(lines.map(({ sku }) => sku)).size === lines.length, {
    error: 'must name each SKU in one line only',
    path: ['lines'],
  });

interface ReservationView {
  readonly id: string;
  readonly lines: readonly LineResult[];
}

@ApiTags('reservations')
@Controller('api/inventory/reservations')
export class ReservationsController {
  constructor(
    @Inject(LedgerClient) private readonly ledger: LedgerClient,
    @Inject(StockQueries) private readonly queries: StockQueries,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('integrator', 'store')
  @ApiOperation({ summary: 'Reserves every line or, by mode, what there is; the same id again is answered the same' })
  async reserve(@Body({ schema: ReservationBody }) body: z.infer<typeof ReservationBody>): Promise<ReservationView> {
    const result = await reserveLines(body, this.ledger);
    switch (result.kind) {
      case 'reserved':
        return { id: body.id, lines: result.lines };
      case 'short':
        throw problem(
          409,
          'short',
          'Not everything could be reserved',
          'Nothing of it is held. The lines tell what was short; ask for less, or for other locations, with a new id.',
          {
            id: body.id,
            lines: result.lines,
          },
        );
      case 'unknown':
        throw problem(
          503,
          'unavailable',
          'The ledger did not answer in time',
          'The reservation may still be made; ask again with the same id to learn of it. Otherwise it ends at its expiresAt.',
          { id: body.id, skus: result.skus },
        );
    }
  }

  @Delete(':id')
  @HttpCode(200)
  @Roles('integrator', 'store')
  @ApiOperation({ summary: 'Gives back what a reservation still holds' })
  async release(@Param('id') id: string): Promise<{ id: string; released: readonly string[] }> {
    const skus = await this.queries.findReservationSkus(id);
    if (skus.length === 0)
      throw problem(
        404,
        'not-found',
        'There is no such reservation',
        'It was never made, or its outcome is still on its way (try again in a second).',
      );
    const unanswered = await releaseLines(id, skus, 'released by REST', this.ledger);
    if (unanswered.length > 0)
      throw problem(
        503,
        'unavailable',
        'The ledger did not answer in time',
        'Release it again; that repeats nothing.',
        { id, skus: unanswered },
      );
    return { id, released: skus };
  }

  @Get(':id')
  @Roles('integrator', 'store')
  @ApiOperation({ summary: 'State of a reservation, by SKU' })
  async show(@Param('id') id: string): Promise<{ id: string; lines: object[] }> {
    const lines = await this.queries.findReservation(id);
    if (lines.length === 0) throw problem(404, 'not-found', 'There is no such reservation', 'Check the id.');
    return { id, lines };
  }
}
