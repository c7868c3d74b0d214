import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogOutcome } from '@shelfline/contracts/catalog-outcome';
import { CatalogRest } from './catalog-rest.js';

@ApiTags('changes')
@ApiBearerAuth()
@Controller('api/catalog/changes')
export class CatalogOutcomesController {
  constructor(private readonly rest: CatalogRest) {}

  @Get(':source/:id')
  @ApiOperation({ summary: 'What became of a change: applied or refused, with its reasons' })
  @ApiOkResponse({ standardSchema: CatalogOutcome })
  outcome(@Param('source') source: string, @Param('id') id: string): Promise<CatalogOutcome> {
    return this.rest.outcome(source, id);
  }
}
