import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LocationCode } from '@shelfline/contracts/identifiers';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { z } from 'zod';
import { STORE_BOARDS, type StoreBoards } from './store-boards.js';

const StoreBoardView = z.object({
  store: LocationCode,
  openTasks: z.int().min(0).describe('All that is left to do there'),
  newTasks: z.int().min(0).describe('Of them, those that nobody there has accepted yet'),
  screens: z.int().min(0).describe('Open at this gateway; each instance knows its own'),
});
const StoreBoardsView = z.object({ items: z.array(StoreBoardView) });

/** For head office: where work waits, and whether anybody looks at it. */
@ApiTags('stores')
@Controller('api/store-boards')
@Roles('integrator')
export class StoreBoardsController {
  constructor(@Inject(STORE_BOARDS) private readonly boards: StoreBoards) {}

  @Get()
  @ApiOperation({ summary: 'Stores and warehouses with open tasks or an open screen: how many of each' })
  @ApiOkResponse({ standardSchema: StoreBoardsView })
  list(): z.infer<typeof StoreBoardsView> {
    return { items: this.boards() };
  }
}
