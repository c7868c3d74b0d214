import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CalendarDate } from '@shelfline/contracts/identifiers';
import { KnownLot } from '@shelfline/contracts/lot';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { z } from 'zod';
import { LotQueries } from './lot-queries.repository.js';
import { LotsPage, lotView } from './lot-views.js';
import { readable } from './readable-page.js';
import { ReferenceData } from './reference-data.js';

const LotQuery = z.object({
  sku: z.string().min(1).max(64).optional(),
  location: z.string().min(1).max(64).optional(),
  lot: KnownLot.optional(),
  expiresBefore: CalendarDate.describe(
    'Lots whose last day is before this date; those without one are left out',
  ).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2000).optional(),
});

@ApiTags('stock')
@Controller('api/inventory')
export class LotsController {
  constructor(
    @Inject(LotQueries) private readonly queries: LotQueries,
    @Inject(ReferenceData) private readonly reference: ReferenceData,
  ) {}

  @Get('lots')
  @Roles('integrator', 'store')
  @ApiOperation({
    summary: 'Lots by SKU, place, lot or last day: what is left of each, how old it is, and its serial numbers',
    description:
      'In the order of SKU, place and lot; a page may be shorter than `limit` though `next` names another. `lot` null is what has no lot at a level that has lots. Days are those of the place. Where a lot went is told by `movements?sku=&lot=`.',
  })
  @ApiOkResponse({ standardSchema: LotsPage })
  async lots(@Query({ schema: LotQuery }) query: z.infer<typeof LotQuery>): Promise<z.infer<typeof LotsPage>> {
    const found = await readable(this.queries.findLots(query, query.limit, query.cursor));
    const reference = this.reference.current();
    const nowMs = Date.now();
    return {
      items: found.items.map((row) => lotView(row, reference.findLocation(row.level.location), nowMs)),
      next: found.next,
    };
  }
}
