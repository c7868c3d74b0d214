import { Controller, Get, Inject, Param, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { PARTS, type Part } from './routing.js';

export const UPSTREAMS = Symbol('upstreams');

const ANSWER_WITHIN_MS = 3000;

/** The OpenAPI documents of all services, for the one page at /docs. */
@ApiExcludeController()
@Public()
@Controller('docs')
export class DocsController {
  constructor(@Inject(UPSTREAMS) private readonly upstreams: Readonly<Record<Part, string>>) {}

  /** The document every service has of its own; here it is the front door's. */
  @Get('gateway/openapi.json')
  @Redirect('/openapi.json')
  own(): void {}

  @Get(':part/openapi.json')
  async document(@Param('part') name: string): Promise<unknown> {
    const part = PARTS.find((known) => known === name);
    if (!part)
      throw problem(404, 'not-found', 'There is nothing here', `Documents exist for ${PARTS.join(', ')} and gateway.`);
    try {
      const url = new URL('/openapi.json', this.upstreams[part]);
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      if (answer.ok) return await answer.json();
    } catch {
      // Said below: not answering and answering wrongly are the same to a reader.
    }
    throw problem(503, 'unavailable', 'Part of the service is not available', `The ${part} service does not answer.`, {
      part,
    });
  }
}
