import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { ReservationId } from '@shelfline/contracts/identifiers';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { invalidFields } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import { STEPS } from './domain/change-reservation.js';
import { unitsOf } from './domain/reserve-stock.js';
import { LedgerClient } from './ledger-client.js';
import {
  FulfilBody,
  ReleasedView,
  ReleaseQuery,
  ReservationBody,
  ReservedView,
  StateView,
  SteppedView,
} from './reservation-bodies.js';
import {
  fulfilledBefore,
  notAnswered,
  nothingToRelease,
  refusedReservation,
  sayPickNote,
  stepNotPossible,
  unknownReservation,
} from './reservation-problems.js';
import {
  type AskedStep,
  endedLines,
  type LineResult,
  type PickedUnits,
  reserveLines,
  stepLines,
} from './reservations.js';
import { type ReservationView, StockQueries } from './stock-queries.repository.js';
import { LONGEST_HOLD } from './tokens.js';

const REFUSED = 'Why, and what to do, in words; the lines with their short quantities';

@ApiTags('reservations')
@Controller('api/inventory/reservations')
@Roles('integrator', 'store')
export class ReservationsController {
  constructor(
    @Inject(LedgerClient) private readonly ledger: LedgerClient,
    @Inject(StockQueries) private readonly queries: StockQueries,
    @Inject(LONGEST_HOLD) private readonly longestHoldMs: number,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Reserves every line or, by mode, what there is; the same id again is answered the same' })
  @ApiOkResponse({ standardSchema: ReservedView })
  @ApiConflictResponse({ description: REFUSED })
  async reserve(
    @Body({ schema: ReservationBody }) body: z.infer<typeof ReservationBody>,
  ): Promise<{ id: string; lines: readonly LineResult[] }> {
    const { id } = body;
    this.checkHold(body.expiresAt);
    const result = await reserveLines(body, this.ledger);
    switch (result.kind) {
      case 'reserved': {
        const ended = result.isRepeat && endedLines(result.lines, await this.queries.findReservation(id));
        if (ended) throw refusedReservation(id, ended, []);
        return { id, lines: result.lines };
      }
      case 'refused':
        throw refusedReservation(id, result.lines, result.unanswered);
      case 'unknown':
        throw notAnswered(
          id,
          'The reservation may still be made; ask again with the same id to learn of it. Otherwise it ends at its expiresAt.',
          result.skus,
        );
    }
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Gives back what a reservation still holds; of SKUs that are named, also what would come late',
  })
  @ApiQuery({ name: 'sku', required: false, isArray: true, type: String })
  @ApiOkResponse({ standardSchema: ReleasedView })
  @ApiNotFoundResponse({ description: 'Nothing is known of the id, and no SKU was named' })
  async release(
    @Param('id', { schema: ReservationId }) id: string,
    @Query({ schema: ReleaseQuery }) { sku: named }: z.output<typeof ReleaseQuery>,
  ): Promise<z.infer<typeof ReleasedView>> {
    const known = await this.queries.findReservationSkus(id);
    const skus = [...new Set([...known, ...named])];
    if (skus.length === 0) throw nothingToRelease(id);
    const { done, refused, unanswered } = await stepLines('release', id, skus, this.ledger, () => ({
      reason: 'released by REST',
    }));
    if (unanswered.length > 0) throw notAnswered(id, 'Release it again; that repeats nothing.', unanswered);
    const shipped = refused.filter(({ state }) => state === 'FULFILLED');
    if (shipped.length > 0) throw stepNotPossible('release', id, shipped, done);
    const ended = refused.map(({ sku }) => sku);
    return {
      id,
      released: [...done, ...ended].filter((sku) => known.includes(sku)),
      barred: done.filter((sku) => !known.includes(sku)),
    };
  }

  @Post(':id/commit')
  @HttpCode(200)
  @ApiOperation({ summary: 'The order stands: what is held does not end by time any more' })
  @ApiOkResponse({ standardSchema: SteppedView })
  @ApiConflictResponse({ description: 'It is released, expired or fulfilled already' })
  commit(@Param('id', { schema: ReservationId }) id: string): Promise<z.infer<typeof SteppedView>> {
    return this.step('commit', id);
  }

  @Post(':id/fulfil')
  @HttpCode(200)
  @ApiOperation({ summary: 'The goods have left: what was held leaves on hand too' })
  @ApiBody({ required: false })
  @ApiOkResponse({ standardSchema: SteppedView })
  @ApiConflictResponse({
    description: 'It is released or expired already, or fulfilled with other lots and serial numbers than these',
  })
  fulfil(
    @Param('id', { schema: ReservationId }) id: string,
    @Body({ schema: FulfilBody }) { lines }: z.output<typeof FulfilBody> = { lines: [] },
  ): Promise<z.infer<typeof SteppedView>> {
    return this.step('fulfil', id, lines);
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a reservation, by SKU' })
  @ApiOkResponse({ standardSchema: StateView })
  async show(@Param('id') id: string): Promise<z.infer<typeof StateView>> {
    return { id, lines: await this.getLines(id) };
  }

  /** Looked at before anything is sent, so that one SKU that cannot go on keeps the others where they are. */
  private async step(
    step: Exclude<AskedStep, 'release'>,
    id: string,
    picked: z.output<typeof FulfilBody>['lines'] = [],
  ): Promise<z.infer<typeof SteppedView>> {
    const { from, to } = STEPS[step];
    const lines = await this.getLines(id);
    checkPicked(id, picked, lines);
    const wanted = stillWanted(lines);
    const stopped = wanted.filter(({ state }) => state !== to && !from.includes(state));
    if (stopped.length > 0) throw stepNotPossible(step, id, stopped, []);
    const skus = wanted.map(({ sku }) => sku);
    const { done, refused, unanswered, noted } = await stepLines(step, id, skus, this.ledger, (sku) =>
      pickedOf(sku, picked),
    );
    if (unanswered.length > 0) throw notAnswered(id, 'Ask for it again; that repeats nothing.', unanswered);
    if (refused.length > 0) throw stepNotPossible(step, id, refused, done);
    const late = noted.filter(({ reason }) => reason === 'fulfilled_before');
    if (late.length > 0)
      throw fulfilledBefore(
        id,
        late.map(({ sku }) => sku),
      );
    const told = noted.map((note) => ({ ...note, detail: sayPickNote(note.reason) }));
    return { id, state: to, lines: await this.getLines(id), ...(told.length > 0 ? { noted: told } : {}) };
  }

  private async getLines(id: string): Promise<ReservationView[]> {
    const lines = await this.queries.findReservation(id);
    if (lines.length === 0) throw unknownReservation(id);
    return lines;
  }

  private checkHold(expiresAt: string): void {
    const latest = new Date(Date.now() + this.longestHoldMs);
    if (Date.parse(expiresAt) <= latest.getTime()) return;
    const days = Math.round(this.longestHoldMs / 86_400_000);
    throw invalidFields([
      {
        path: 'expiresAt',
        words: `must not be after ${latest.toISOString()}: stock is held for ${days > 0 ? `${days} days` : `${this.longestHoldMs} ms`} at most, then it has to be committed`,
      },
    ]);
  }
}

/** What was given back on purpose (another request's line under the same id) is no part of it any more. */
function stillWanted(lines: readonly ReservationView[]): readonly ReservationView[] {
  const others = lines.filter(({ state }) => state !== 'RELEASED');
  return others.length > 0 ? others : lines;
}

type PickedLine = z.output<typeof FulfilBody>['lines'][number];
function pickedOf(sku: string, picked: readonly PickedLine[]): PickedUnits {
  const { sku: _, ...units } = picked.find((line) => line.sku === sku) ?? { sku };
  return units;
}

/** Said before anything leaves: lots that are named for the wrong order would be lost silently. */
function checkPicked(id: string, picked: readonly PickedLine[], lines: readonly ReservationView[]): void {
  const strange = picked.findIndex(({ sku }) => !lines.some((line) => line.sku === sku));
  if (strange >= 0)
    throw invalidFields([
      { path: `lines[${strange}].sku`, words: `is no SKU of reservation ${id}; name those that GET shows of it` },
    ]);
  for (const [i, { sku, lots = [], serials = [] }] of picked.entries()) {
    const named = unitsOf(lots);
    const held = unitsOf(lines.find((line) => line.sku === sku)?.allocations ?? []);
    if (named > held)
      throw invalidFields([
        { path: `lines[${i}].lots`, words: `name ${named} units, but reservation ${id} holds ${held} of ${sku}` },
      ]);
    if (serials.length > held)
      throw invalidFields([
        {
          path: `lines[${i}].serials`,
          words: `name ${serials.length} units, but reservation ${id} holds ${held} of ${sku}`,
        },
      ]);
  }
}
