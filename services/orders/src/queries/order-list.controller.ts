import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import { orderView } from '../order-views.js';
import { cursorAfter, readCursor } from '../orders-cursor.js';
import { storeOf } from '../store-scope.js';
import { type OrderFilter, OrderListRepository } from './order-list.repository.js';
import { ExportQuery, OrdersPage, OrdersQuery } from './order-list-bodies.js';
import { channelOf } from './order-scope.js';
import { orderRows, ordersCsv } from './orders-csv.js';

@ApiTags('orders')
@Controller('api/orders')
@Roles('integrator', 'store')
export class OrderListController {
  constructor(@Inject(OrderListRepository) private readonly repository: Pick<OrderListRepository, 'list'>) {}

  @Get()
  @ApiOperation({
    summary: 'Orders, newest first; by one of store, member or channelOrder, and by state, channel and age',
  })
  @ApiOkResponse({ standardSchema: OrdersPage })
  async list(
    @Query({ schema: OrdersQuery }) { limit, cursor, ...query }: z.infer<typeof OrdersQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof OrdersPage>> {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const found = await this.repository.list({ filter: filterOf(query, principal), after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return { items: shown.map(orderView), next: found.length > limit ? cursorAfter(shown.at(-1)!) : null };
  }

  @Get('export')
  @ApiOperation({
    summary: 'The same orders as CSV, a row a line, newest first, without destinations',
    description:
      'Read as it is sent, up to `limit` orders. The last line of each order carries a `cursor`: after an end, or a ' +
      'connection that broke, drop what follows the last cursor and go on with it. No row = there are no more. A text ' +
      'that a spreadsheet would run has a leading apostrophe.',
  })
  @ApiProduces('text/csv')
  export(
    @Query({ schema: ExportQuery }) { limit, cursor, bom, ...query }: z.infer<typeof ExportQuery>,
    @CurrentPrincipal() principal: Principal,
  ): StreamableFile {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const rows = orderRows(this.repository, { filter: filterOf(query, principal), after, limit });
    return new StreamableFile(ordersCsv(rows, { bom }), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="orders.csv"',
    });
  }
}

type Asked = Omit<z.infer<typeof OrdersQuery>, 'limit' | 'cursor'>;
const BY_ONE_OF = ['store', 'member', 'channelOrder'] as const;

/** What was asked for, within what this token may see. */
function filterOf({ placedAfter, placedBefore, ...query }: Asked, principal: Principal): OrderFilter {
  const asked = BY_ONE_OF.filter((by) => query[by] !== undefined);
  if (asked.length > 1)
    throw problem(
      400,
      'too-many-filters',
      'Orders are listed by one thing at a time',
      `Ask by ${asked[0]} or by ${asked[1]}, not by both.`,
    );
  const channel = channelOf(principal, query.channel);
  return {
    ...query,
    channel,
    ...(principal.role === 'store' ? { store: storeOf(principal, query.store) } : {}),
    ...(placedAfter === undefined ? {} : { placedAfterMs: Date.parse(placedAfter) }),
    ...(placedBefore === undefined ? {} : { placedBeforeMs: Date.parse(placedBefore) }),
  };
}
