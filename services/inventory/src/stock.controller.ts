import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { availabilityKey } from '@shelfline/contracts/identifiers';
import { KnownLot } from '@shelfline/contracts/lot';
import { ALL_REGIONS, Availability, DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { invalidFields, problem } from '@shelfline/service-kit/problem';
import { z } from 'zod';
import { lotTrace, serialTrace } from './entry-traces.js';
import { LedgerBacklog } from './ledger-backlog.js';
import { noAvailability, noSuchDelta } from './nothing-found.js';
import { pastLevel } from './past-level.js';
import type { PublishedAvailability } from './published-availability.js';
import { readable } from './readable-page.js';
import { ReferenceData } from './reference-data.js';
import type { LevelDocument } from './stock-documents.js';
import { StockQueries } from './stock-queries.repository.js';
import {
  conflictView,
  LevelsPage,
  levelView,
  MOVEMENT_OUTCOMES,
  MovementsPage,
  movementView,
  OutcomeView,
} from './stock-views.js';
import { AVAILABILITY_TABLE } from './tokens.js';

const limit = z.coerce.number().int().min(1).max(1000).default(100);
const cursor = z.string().max(2000).optional();
const sku = z.string().min(1).max(64);
const location = z.string().min(1).max(64);
const LevelQuery = z.object({
  sku: sku.optional(),
  location: location.optional(),
  unreferenced: z.stringbool().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  limit,
  cursor,
});
const MovementQuery = z.object({
  sku,
  location: location.optional(),
  lot: KnownLot.describe('Those that brought or took units of it: where a lot went').optional(),
  serial: z.string().min(1).max(64).describe('Those that named this serial number').optional(),
  outcome: z
    .enum(MOVEMENT_OUTCOMES)
    .describe('Those of which this came, also what moved nothing: refused shows every refusal')
    .optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit,
  cursor,
});
const AvailabilityQuery = z.object({
  sku,
  channel: z.string().max(64).default(DEFAULT_CHANNEL),
  region: z.string().max(64).default(ALL_REGIONS),
});

/** Whoever asks for this very moment by a clock that is a little ahead is answered. */
const CLOCKS_DIFFER_MS = 60_000;

@ApiTags('stock')
@Controller('api/inventory')
export class StockController {
  constructor(
    @Inject(StockQueries) private readonly queries: StockQueries,
    @Inject(AVAILABILITY_TABLE) private readonly availability: PublishedAvailability,
    @Inject(ReferenceData) private readonly reference: ReferenceData,
    @Inject(LedgerBacklog) private readonly backlog: LedgerBacklog,
  ) {}

  @Get('levels')
  @Roles('integrator', 'store')
  @ApiOperation({
    summary: 'Levels by SKU, by location, or of what the catalog does not know; with `at`, as of a past moment',
    description:
      'With `at`, figures, asOf, version and countedAt are those of that moment, and a level that nothing had touched yet is left out, as are lots; what was past its last day is by the date of that moment. Safety stock and confidence are today’s. A moment in the future is refused.',
  })
  @ApiOkResponse({ standardSchema: LevelsPage })
  async levels(@Query({ schema: LevelQuery }) query: z.infer<typeof LevelQuery>): Promise<z.infer<typeof LevelsPage>> {
    if (query.at !== undefined) return this.levelAt(query.sku, query.location, query.at);
    const found = await readable(this.queries.findLevels(query, query.limit, query.cursor));
    return { items: found.items.map(levelView), next: found.next };
  }

  @Get('movements')
  @Roles('integrator', 'store')
  @ApiOperation({
    summary: 'Movements of a SKU, newest first; with `lot` or `serial`, those that moved it',
    description: 'What moved nothing, as a refusal, is listed when its `outcome` is asked for.',
  })
  @ApiOkResponse({ standardSchema: MovementsPage })
  async movements(
    @Query({ schema: MovementQuery }) query: z.infer<typeof MovementQuery>,
  ): Promise<z.infer<typeof MovementsPage>> {
    const filter = {
      sku: query.sku,
      location: query.location,
      traces: tracesAsked(query),
      outcome: query.outcome,
      fromMs: query.from === undefined ? undefined : Date.parse(query.from),
      toMs: query.to === undefined ? undefined : Date.parse(query.to),
    };
    const found = await readable(this.queries.findMovements(filter, query.limit, query.cursor));
    return { items: found.items.map(movementView), next: found.next };
  }

  @Get('availability')
  @ApiOperation({ summary: 'What a channel may promise of a SKU in a region' })
  @ApiOkResponse({ standardSchema: Availability })
  async promiseable(
    @Query({ schema: AvailabilityQuery }) query: z.infer<typeof AvailabilityQuery>,
  ): Promise<Availability> {
    const found = this.availability.get(availabilityKey(query.sku, query.channel, query.region));
    if (found) return found;
    const [backlog, levels] = await Promise.all([
      this.backlog.find(query.sku),
      this.queries.findLevels({ sku: query.sku }, 1, undefined),
    ]);
    const detail = noAvailability({
      ...query,
      isProductKnown: this.reference.current().findProduct(query.sku) !== undefined,
      isStockRecorded: levels.items.length > 0,
      backlog,
    });
    throw problem(404, 'not-found', 'No availability is known', detail, { ledgerBehind: backlog ?? null });
  }

  @Get('deltas/:source/:id')
  @Roles('integrator')
  @ApiOperation({ summary: 'What came of a delta, and what came under its id with other content' })
  @ApiOkResponse({ standardSchema: OutcomeView })
  async outcome(@Param('source') source: string, @Param('id') id: string): Promise<z.infer<typeof OutcomeView>> {
    const entry = await this.queries.findMovement(source, id);
    if (entry) {
      const conflicts = await this.queries.findConflicts(source, id);
      return { ...movementView(entry), conflicts: conflicts.map(conflictView) };
    }
    const backlog = await this.backlog.find();
    throw problem(404, 'not-found', 'This delta is not in the ledger', noSuchDelta(source, id, backlog), {
      ledgerBehind: backlog ?? null,
    });
  }

  private async levelAt(
    skuAsked: string | undefined,
    locationAsked: string | undefined,
    at: string,
  ): Promise<z.infer<typeof LevelsPage>> {
    if (skuAsked === undefined || locationAsked === undefined)
      throw problem(400, 'invalid', 'A past level needs sku and location', 'Name both beside `at`.');
    const momentMs = Date.parse(at);
    if (momentMs > Date.now() + CLOCKS_DIFFER_MS)
      throw invalidFields([
        {
          path: 'at',
          words: 'must not be in the future: nobody knows what will stand there; leave it out for today’s level',
        },
      ]);
    const level = await this.queries.findLevel(skuAsked, locationAsked);
    const last = level && (await this.queries.findLastMovement(skuAsked, locationAsked, momentMs));
    // Nothing had happened there yet.
    if (!level || !last) return { items: [], next: null };
    const later = await this.queries.effectsAfter(skuAsked, locationAsked, momentMs);
    const past = pastLevel(level, later, this.reference.current().findLocation(locationAsked), momentMs);
    const countedAt = await this.countedAt(level, momentMs);
    return {
      items: [levelView({ ...level, ...past, asOf: new Date(last.atMs), version: last.version, countedAt })],
      next: null,
    };
  }

  private async countedAt({ sku: ofSku, location: where, countedAt }: LevelDocument, momentMs: number) {
    if (countedAt === null || countedAt.getTime() <= momentMs) return countedAt;
    const last = await this.queries.findLastMovement(ofSku, where, momentMs, 'count');
    return last ? new Date(last.atMs) : null;
  }
}

const tracesAsked = ({ lot, serial }: z.infer<typeof MovementQuery>): string[] => [
  ...(lot === undefined ? [] : [lotTrace(lot)]),
  ...(serial === undefined ? [] : [serialTrace(serial)]),
];
